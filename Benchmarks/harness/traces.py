"""What one request costs in system calls (strace), and in instructions of the process itself (perf)."""
import re
import signal
import subprocess
import time

from .load import load_workload

SECONDS = 2


def _while_watched(arguments, port, workload):
    """Runs a watcher that attaches to a peer, and load; what was answered, or None where it cannot attach."""
    watcher = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    if watcher.poll() is not None:
        return None
    counted = load_workload(port, workload, SECONDS)
    watcher.send_signal(signal.SIGINT)
    watcher.wait(10)
    return max(counted["answered"], 1)


def system_calls(stage, name, workload):
    """Calls a request by name, the frequent ones first; empty where strace cannot attach."""
    out = stage.path("strace")
    pids = [word for pid in stage.peers[name].pids() for word in ("-p", str(pid))]
    answered = _while_watched(["strace", "-f", "-qq", "-c", "-o", out, *pids], stage.port(name, workload), workload)
    if not answered:
        return {}
    with open(out) as file:
        # % time, seconds, usecs/call, calls, errors where there are any, name
        rows = [line.split() for line in file if re.match(r"^\s*[\d.]+\s+[\d.]+\s+\d+\s+\d+\s", line)]
    calls = {row[-1]: int(row[3]) / answered for row in rows if row[-1] != "total"}
    return dict(sorted(calls.items(), key=lambda item: -item[1]))


def instructions(stage, name, workload):
    """Instructions a request in user space; None where the machine counts none."""
    out = stage.path("perf")
    pids = ",".join(map(str, stage.peers[name].pids()))
    answered = _while_watched(
        ["perf", "stat", "-x", ",", "-e", "instructions:u", "-o", out, "-p", pids], stage.port(name, workload), workload)
    if not answered:
        return None
    with open(out) as file:
        found = re.search(r"^(\d+),", file.read(), re.M)
    return int(found.group(1)) / answered if found else None
