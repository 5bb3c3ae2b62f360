"""What is asked of every peer, who is asked, and what Postern is to reach."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Workload:
    name: str
    title: str
    path: str
    size: int
    connections: int = 64
    is_guarded: bool = False
    is_secured: bool = False
    peers: tuple = ()

    @property
    def scheme(self):
        return "https" if self.is_secured else "http"


GATEWAYS = ("postern", "nginx", "haproxy", "h2o", "caddy")
WORKLOADS = {workload.name: workload for workload in (
    Workload("posts", "plain: 300 bytes, 64 connections", "/api/posts", 300, peers=(*GATEWAYS, "floor")),
    Workload("posts4", "plain: 300 bytes, 4 connections", "/api/posts", 300, 4, peers=(*GATEWAYS, "floor")),
    Workload("users", "token-checked: 300 bytes, 64 connections", "/api/users", 300, is_guarded=True,
             peers=(*GATEWAYS, "nginx-cache", "floor", "floor-cache")),
    Workload("64k", "64 KiB, 64 connections", "/blob/64k", 65536, peers=(*GATEWAYS, "floor", "floor-256k")),
    Workload("1m", "1 MiB, 64 connections", "/blob/1m", 1048576,
             peers=(*GATEWAYS, "floor", "floor-256k", "floor-splice")),
    Workload("tls", "TLS 1.3: 300 bytes, 64 connections", "/api/posts", 300, is_secured=True,
             peers=("postern", "nginx", "haproxy")),
    Workload("tls64k", "TLS 1.3: 64 KiB, 64 connections", "/blob/64k", 65536, is_secured=True,
             peers=("postern", "nginx", "haproxy")),
)}


@dataclass(frozen=True)
class Goal:
    """Postern's figure is to be at most `ratio` of the best of `peers`."""
    peers: tuple
    ratio: float


_PLAIN = (Goal(("nginx", "haproxy", "h2o"), 0.75), Goal(("floor",), 1.3))
GOALS = {
    "posts": _PLAIN,
    "posts4": _PLAIN,
    "users": (Goal(("haproxy",), 0.42), Goal(("nginx",), 0.45), Goal(("nginx-cache",), 0.55),
              Goal(("floor-cache",), 1.35)),
    "64k": (Goal(("nginx", "haproxy"), 0.9),),
    "1m": (Goal(("nginx", "haproxy"), 0.7),),
    "tls": (Goal(("nginx",), 0.9),),
}
LATENCY_RATIO = 1.0   # of HAProxy's p99 at the same load
IDLE_BYTES = 2048     # resident, a connection
GROWTH_RATIO = 1.2    # of the CPU a request with few routes and instances
