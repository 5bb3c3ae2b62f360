"""Runs the load generator: native/load.c, or wrk."""
import json
import os
import re
import subprocess

from .machine import LOAD_PROCESSOR, pin
from .peers import BUILD
from .tokens import token


def load(port, paths, seconds, connections=64, is_guarded=False, rate=None, is_secured=False):
    """What it counted: answered, errors, seconds, and p50, p99, p999 in microseconds."""
    arguments = [os.path.join(BUILD, "load"), "-p", str(port), "-c", str(connections), "-d", str(seconds)]
    if is_guarded:
        arguments += ["-a", token()]
    if is_secured:
        arguments.append("-s")
    if rate:
        arguments += ["-r", str(rate)]
    run = subprocess.run([*arguments, *paths], capture_output=True, text=True, preexec_fn=pin(LOAD_PROCESSOR),
                         timeout=seconds + 30, check=False)
    if run.returncode != 0:
        return {"answered": 0, "errors": 1, "seconds": seconds, "p50": 0, "p99": 0, "p999": 0}
    return json.loads(run.stdout)


def wrk(port, workload, seconds):
    """The same by wrk, which parses more and so loads a gateway less: its processor is not always busy."""
    arguments = ["wrk", "-t1", f"-c{workload.connections}", f"-d{max(1, round(seconds))}s", "--latency"]
    if workload.is_guarded:
        arguments += ["-H", f"Authorization: Bearer {token()}"]
    said = subprocess.run([*arguments, f"{workload.scheme}://localhost:{port}{workload.path}"], capture_output=True, text=True,
                          preexec_fn=pin(LOAD_PROCESSOR), timeout=seconds + 30, check=False).stdout

    def percentile(share):
        found = re.search(rf"^\s+{share}%\s+([\d.]+)(us|ms|s)", said, re.M)
        return float(found[1]) * {"us": 1, "ms": 1e3, "s": 1e6}[found[2]] if found else 0
    counted = re.search(r"(\d+) requests in ([\d.]+)s", said)
    errors = sum(map(int, re.findall(r"(?:connect|read|write|timeout|responses:) (\d+)", said)))
    if not counted:
        return {"answered": 0, "errors": 1, "seconds": seconds, "p50": 0, "p99": 0, "p999": 0}
    return {"answered": int(counted[1]), "errors": errors, "seconds": float(counted[2]),
            "p50": percentile(50), "p99": percentile(99), "p999": 0}


def load_workload(port, workload, seconds, rate=None):
    return load(port, [workload.path], seconds, workload.connections, workload.is_guarded, rate,
                workload.is_secured)
