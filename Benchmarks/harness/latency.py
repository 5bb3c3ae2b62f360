"""Latency at the same constant load for all: 70 percent of what the slowest can do."""
from .costs import say
from .load import load_workload
from .peers import fault

SHARE = 0.7


def measure(stage, workload, names, options):
    """Rows of p50, p99 and p999 in microseconds by peer, and the rate."""
    say(f"latency: {workload.title}")
    able = [name for name in names if not fault(stage.port(name, workload), workload)]
    if not able:
        return {}, 0

    def capacity(name):
        load_workload(stage.port(name, workload), workload, options.warm_up)
        options.patience.wait(stage.pids())
        counted = load_workload(stage.port(name, workload), workload, options.seconds)
        return counted["answered"] / counted["seconds"]

    rate = SHARE * min(max(capacity(name) for _ in range(2)) for name in able)
    rows = {name: [] for name in able}
    for _ in range(options.rounds):
        for name in able:
            options.patience.wait(stage.pids())
            counted = load_workload(stage.port(name, workload), workload, options.seconds, rate)
            rows[name].append(counted)
            say(f"{name} at {rate:.0f}/s: p50 {counted['p50']} us, p99 {counted['p99']} us, errors {counted['errors']}")
    return rows, rate
