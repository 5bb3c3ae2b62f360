"""Runs the load generator (native/load.c)."""
import json
import os
import subprocess

from .machine import LOAD_PROCESSOR, pin
from .peers import BUILD
from .tokens import token


def load(port, paths, seconds, connections=64, is_guarded=False, rate=None):
    """What it counted: answered, errors, seconds, and p50, p99, p999 in microseconds."""
    arguments = [os.path.join(BUILD, "load"), "-p", str(port), "-c", str(connections), "-d", str(seconds)]
    if is_guarded:
        arguments += ["-a", token()]
    if rate:
        arguments += ["-r", str(rate)]
    run = subprocess.run([*arguments, *paths], capture_output=True, text=True, preexec_fn=pin(LOAD_PROCESSOR),
                         timeout=seconds + 30, check=False)
    if run.returncode != 0:
        return {"answered": 0, "errors": 1, "seconds": seconds, "p50": 0, "p99": 0, "p999": 0}
    return json.loads(run.stdout)


def load_workload(port, workload, seconds, rate=None):
    return load(port, [workload.path], seconds, workload.connections, workload.is_guarded, rate)
