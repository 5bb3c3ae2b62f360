#!/usr/bin/env python3
"""Runs the drills that are named, or all, on the systemd that runs here, and tells of each how many requests were sent,
how many failed, and the longest time without an answer. Ends with 1 where a request failed."""
import os
import sys
import time

import gateway
import issuers
import resources
import services
import tokens
from machine import DrillFailure, run, systemctl, until, status_of

ALL = {drill.__name__: drill for drill in (*services.DRILLS, *gateway.DRILLS, *resources.DRILLS, *tokens.DRILLS, *issuers.DRILLS)}


def prepare():
    # A file system of the stores' own, that can be full without anything else.
    run("mkdir", "-p", "/var/lib/postern")
    run("mount", "-t", "tmpfs", "-o", "size=64M,mode=0755", "tmpfs", "/var/lib/postern")
    systemctl("enable", "--now", "postern.target", "postern-gateway.service", "postern-auth.service",
              "postern-data@1.service")
    run("systemd-run", "--quiet", "--unit", "drill-stream", sys.executable,
        sys.path[0] + "/stream_service.py", "/run/drill/stream.sock")
    until("the gateway serves", lambda: status_of("/api/posts") == "200")
    until("the stream is there", lambda: status_of("/stream", "--max-time", "0.2") == "200")


def one(name, drill):
    """Its line of the table; whether it went well."""
    begun, load, wrong = time.monotonic(), None, []
    try:
        load = drill()
    except (DrillFailure, OSError) as error:
        wrong.append(f"{type(error).__name__}: {error}")
    if load and load.failed:
        wrong += load.reasons[:8]
    figures = f"{load.sent:>9} {load.failed:>7} {load.gap:>8.2f} s" if load else f"{'':>9} {'':>7} {'':>10}"
    outcome = "ok    " if not wrong else "not ok"
    print(f"{outcome} {name:<22} {figures} {time.monotonic() - begun:>6.1f} s  {drill.__doc__}", flush=True)
    for line in wrong:
        print(f"       {line}", flush=True)
    return not wrong


def main(names):
    if os.geteuid() != 0:
        print("drills: they are root's, inside Tests/Tools/systemd-sandbox: call Tests/Drills/run", file=sys.stderr)
        return 2
    unknown = [name for name in names if name not in ALL]
    if unknown:
        print(f"drills: no such drill: {', '.join(unknown)}. There are: {', '.join(ALL)}", file=sys.stderr)
        return 2
    prepare()
    print(f"       {'drill':<22} {'requests':>9} {'failed':>7} {'longest gap':>10} {'took':>7}", flush=True)
    outcomes = [one(name, ALL[name]) for name in names or ALL]
    print(f"drills: {sum(outcomes)} of {len(outcomes)} passed", flush=True)
    return 0 if all(outcomes) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
