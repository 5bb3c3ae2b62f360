"""How many system calls the gateway makes, by strace(1)."""
import os
import re
import shutil
import signal
import subprocess
import time

READS, WRITES = {"read", "recvfrom", "recvmsg", "readv"}, {"write", "sendto", "sendmsg", "writev"}
# What comes by the clock rather than by requests, in all.
SLACK = 40


def count(gateway, work):
    """Calls by name while `work` runs; None where strace cannot attach."""
    if not shutil.which("strace"):
        return None
    out = f"{gateway.log}.strace"
    arguments = ["strace", "-qq", "-o", out]
    for thread in gateway.loops():
        arguments += ["-p", str(thread)]
    tracer = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    end = time.monotonic() + 5
    while not _is_traced(gateway):
        if tracer.poll() is not None or time.monotonic() > end:
            tracer.kill()
            return None
        time.sleep(0.02)
    work()
    tracer.send_signal(signal.SIGINT)
    tracer.communicate()
    calls = {}
    with open(out) as file:
        for line in file:
            # NAME(ARGUMENTS, behind the thread where there are several.
            if found := re.match(r"(?:\d+\s+)?(\w+)\(", line):
                calls[found.group(1)] = calls.get(found.group(1), 0) + 1
    os.unlink(out)
    return calls


def _is_traced(gateway):
    for thread in gateway.loops():
        with open(f"/proc/{gateway.pid}/task/{thread}/status") as file:
            if re.search(r"^TracerPid:\s+0$", file.read(), re.M):
                return False
    return True


def judge(kind, calls, requests):
    """Name, found, least and most. A request that is forwarded is read and written twice, another once; each time that
    bytes are awaited costs an epoll_wait, as one connection has nothing else to wait for."""
    turns = 2 if kind.is_forwarded else 1
    reads = sum(calls.get(name, 0) for name in READS)
    writes = sum(calls.get(name, 0) for name in WRITES)
    waits = sum(calls.get(name, 0) for name in ("epoll_wait", "epoll_pwait", "epoll_pwait2"))
    least = turns * requests
    looks = requests if kind.is_sent_once else 0
    yield "reads", reads, least, least + looks + SLACK
    yield "writes", writes, least, least + SLACK
    yield "waits", waits, requests, least + SLACK
    yield "others", sum(calls.values()) - reads - writes - waits, 0, SLACK
