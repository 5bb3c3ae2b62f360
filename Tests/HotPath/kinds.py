"""The kinds of request whose cost is looked at, each on one connection that is kept open."""
import socket
from dataclasses import dataclass

from service import BAD_TOKEN, GOOD_TOKEN, Reader


@dataclass(frozen=True)
class Kind:
    name: str
    status: int
    line: str
    fields: str = ""
    body: bytes = b""
    is_forwarded: bool = True
    # A kept connection is looked at before a request that cannot be sent again is trusted to it: one read more.
    is_sent_once: bool = False
    # More than one buffer of body: the list of buffers grows, and is let go, since a connection that waits holds none.
    allocations: int = 0
    # In how many pieces a large body comes is the machine's matter.
    has_exact_calls: bool = True

    @property
    def bytes(self):
        return f"{self.line} HTTP/1.1\r\nHost: api.example\r\n{self.fields}\r\n".encode() + self.body


KINDS = (
    Kind("GET", 200, "GET /api/posts?limit=2"),
    Kind("HEAD", 200, "HEAD /api/posts"),
    Kind("GET with a cached verdict", 200, "GET /api/users", f"Authorization: Bearer {GOOD_TOKEN}\r\n"),
    Kind("GET with a cached verdict on a cookie", 200, "GET /api/users", f"Cookie: a=b; session={GOOD_TOKEN}; c=d\r\n"),
    Kind("GET with a claim", 200, "GET /api/claims", f"Authorization: Bearer {GOOD_TOKEN}\r\n"),
    Kind("POST with a length", 200, "POST /api/posts", "Content-Length: 100\r\n", b"z" * 100, is_sent_once=True),
    Kind("POST in chunks", 200, "POST /api/posts", "Transfer-Encoding: chunked\r\n", b"5\r\nhello\r\n0\r\n\r\n",
         is_sent_once=True),
    Kind("GET, answered in chunks", 200, "GET /api/chunked"),
    Kind("GET of 64 KiB", 200, "GET /api/large", allocations=4, has_exact_calls=False),
    Kind("GET with a refusal from the cache", 401, "GET /api/users", f"Authorization: Bearer {BAD_TOKEN}\r\n",
         is_forwarded=False),
    Kind("GET without a token", 401, "GET /api/users", is_forwarded=False),
    Kind("GET of nothing", 404, "GET /nothing", is_forwarded=False),
    Kind("DELETE that is not taken", 405, "DELETE /api/users", is_forwarded=False),
    Kind("GET with a slash at the end", 308, "GET /api/posts/", is_forwarded=False),
)


class Client:
    def __init__(self, port):
        self.connection = socket.create_connection(("127.0.0.1", port), 10)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.reader = Reader(self.connection)

    def send(self, kind, count):
        """So many requests, one after the other; each must be answered with the kind's status."""
        for _ in range(count):
            self.connection.sendall(kind.bytes)
            start, _, _ = self.reader.message(has_body=not kind.line.startswith("HEAD"))
            if int(start.split(b" ")[1]) != kind.status:
                raise AssertionError(f"{kind.name}: expected {kind.status}, found: {start.decode()}")

    def close(self):
        self.connection.close()
