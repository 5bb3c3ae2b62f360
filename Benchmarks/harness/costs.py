"""CPU time a request: the main figure. It depends far less on what else the machine does than requests a second."""
import sys
import time

from .load import load, load_workload, wrk
from .machine import CPUTime, Noise
from .peers import fault

NOISE_LIMIT = 30   # percent of one processor, beyond which a round is tried again
ROUNDS_TRIED = 6   # times as many as were asked for, at most


def say(*words):
    print("#", *words, file=sys.stderr, flush=True)


def one_round(stage, peer, run):
    """A round of load, as a row of figures."""
    noise, cpu = Noise(stage.pids()), CPUTime(peer.pids())
    began = time.monotonic()
    counted = run()
    spent, lasted = cpu.seconds(), time.monotonic() - began
    return {
        "cpu_us": 1e6 * spent / max(counted["answered"], 1), "rate": counted["answered"] / counted["seconds"],
        "busy": 100 * spent / lasted, "user": cpu.user_percent(), "noise": noise.percent(),
        "p50": counted["p50"], "p99": counted["p99"], "errors": counted["errors"], "answered": counted["answered"]}


def rounds_of(stage, names, run, options):
    """Rounds by name, in turn (A B C, A B C): what disturbs the machine disturbs all. `run(name)` makes one load."""
    rows = {name: [] for name in names}

    def is_done(name):
        return sum(row["noise"] <= options.noise for row in rows[name]) >= options.rounds

    for attempt in range(options.rounds * (1 if options.smoke else ROUNDS_TRIED)):
        for name in names:
            if is_done(name):
                continue
            options.patience.wait(stage.pids())
            row = one_round(stage, stage.peers[name], lambda: run(name))
            rows[name].append(row)
            say(f"{name} {attempt + 1}: {row['cpu_us']:.2f} us/request, {row['rate']:.0f}/s, busy {row['busy']:.0f} %,",
                f"noise {row['noise']:.0f} %, errors {row['errors']}")
    return rows


def measure(stage, workload, names, options):
    """The rounds of a workload by peer, and why peers were left out."""
    say(f"{workload.name}: {workload.title}")
    left_out = {name: why for name in names if (why := fault(stage.port(name, workload), workload))}
    able = [name for name in names if name not in left_out]
    for name in able:
        load_workload(stage.port(name, workload), workload, options.warm_up)
    run = wrk if options.wrk else load_workload
    rows = rounds_of(stage, able, lambda name: run(stage.port(name, workload), workload, options.seconds), options)
    return rows, left_out


def measure_paths(stage, paths, options):
    """The same for peers that are asked for paths of their own."""
    def run(name, seconds=None):
        return load(stage.ports[name], paths[name], seconds or options.seconds)
    for name in paths:
        run(name, options.warm_up)
    return rounds_of(stage, list(paths), run, options)
