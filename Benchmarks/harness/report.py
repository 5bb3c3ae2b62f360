"""Tables of what was measured, in Markdown, which is plain enough for a terminal too."""
import re
from statistics import median

from .costs import NOISE_LIMIT
from .workloads import GOALS, GROWTH_RATIO, IDLE_BYTES, LATENCY_RATIO, WORKLOADS


def clean(rows):
    """The rounds that nothing disturbed; where fewer than two are, the two least disturbed."""
    rows = sorted(rows, key=lambda row: row["noise"])
    good = [row for row in rows if row["noise"] <= NOISE_LIMIT]
    return good if len(good) >= 2 else rows[:2]


def lowest(rows):
    """Disturbance only adds, so the lowest of all rounds is nearest to the true cost: ratios are taken from it."""
    return min(row["cpu_us"] for row in rows)


def _table(columns, rows):
    def line(cells):
        return "| " + " | ".join(cells) + " |"
    return [line(columns), line(["---"] + ["---:"] * (len(columns) - 1)), *map(line, rows), ""]


def _middle(rows, key):
    return median(row[key] for row in rows)


def _workload(name, peers, left_out):
    columns = ["peer", "CPU µs a request", "± %", "lowest", "Postern's share", "requests/s", "user %", "busy %",
               "p50 ms", "p99 ms", "noise %", "clean rounds", "errors"]
    cells = []
    for peer, rows in sorted(peers.items(), key=lambda item: lowest(item[1])):
        good = clean(rows)
        figures = [row["cpu_us"] for row in good]
        share = f"{lowest(peers['postern']) / lowest(rows):.2f}" if "postern" in peers else ""
        cells.append([
            f"**{peer}**" if peer == "postern" else peer, f"{median(figures):.2f}",
            f"{50 * (max(figures) - min(figures)) / median(figures):.0f}", f"{lowest(rows):.2f}", share,
            f"{_middle(good, 'rate'):.0f}", f"{_middle(good, 'user'):.0f}", f"{_middle(good, 'busy'):.0f}",
            f"{_middle(good, 'p50') / 1000:.2f}", f"{_middle(good, 'p99') / 1000:.2f}", f"{_middle(good, 'noise'):.0f}",
            f"{sum(row['noise'] <= NOISE_LIMIT for row in rows)}/{len(rows)}", str(sum(row["errors"] for row in rows))])
    return [f"### {name}: {WORKLOADS[name].title}", "", *_table(columns, cells),
            *[f"Left out: {peer} ({why})." for peer, why in left_out.items()]]


def _verdict(figure, goal):
    return "reached" if figure <= goal else "**missed**"


def _goals(results):
    cells = []
    for name, peers in results["rounds"].items():
        if "postern" not in peers:
            continue
        for goal in GOALS[name]:
            known = {peer: lowest(peers[peer]) for peer in goal.peers if peer in peers}
            if known:
                best = min(known, key=known.get)
                share = lowest(peers["postern"]) / known[best]
                against = f"{best}'s CPU" + (f" (the best of {len(known)})" if len(goal.peers) > 1 else "")
                cells.append([name, against, f"{goal.ratio:.2f}", f"{share:.2f}", _verdict(share, goal.ratio)])
    for name, found in results["latency"].items():
        if "postern" in found["rows"] and "haproxy" in found["rows"]:
            ours, theirs = (_middle(found["rows"][peer], "p99") for peer in ("postern", "haproxy"))
            cells.append([f"latency ({name})", "haproxy's p99", f"{LATENCY_RATIO:.2f}", f"{ours / theirs:.2f}",
                          _verdict(ours / theirs, LATENCY_RATIO)])
    if isinstance(figure := results["idle"].get("bytes", {}).get("postern"), float):
        cells.append(["idle", "bytes a connection", str(IDLE_BYTES), f"{figure:.0f}", _verdict(figure, IDLE_BYTES)])
    if {"few", "many"} <= results["growth"].keys():
        share = lowest(results["growth"]["many"]) / lowest(results["growth"]["few"])
        cells.append(["growth", "CPU with few", f"{GROWTH_RATIO:.2f}", f"{share:.2f}", _verdict(share, GROWTH_RATIO)])
    if not cells:
        return []
    return ["### Goals", "", *_table(["workload", "of", "at most", "found", "goal"], cells)]


def _latency(results):
    lines = []
    for name, found in results["latency"].items():
        cells = [
            [peer, *[f"{_middle(rows, key) / 1000:.2f}" for key in ("p50", "p99", "p999")],
             str(sum(row["errors"] for row in rows))]
            for peer, rows in sorted(found["rows"].items(), key=lambda item: _middle(item[1], "p99"))]
        lines += [f"### latency, {name} at {found['rate']:.0f} requests/s for all", "",
                  *_table(["peer", "p50 ms", "p99 ms", "p99.9 ms", "errors"], cells)]
    return lines


def _idle(results):
    if not results["idle"]:
        return []
    cells = [[peer, f"{figure:.0f}" if isinstance(figure, float) else figure]
             for peer, figure in results["idle"]["bytes"].items()]
    return [f"### idle: {results['idle']['connections']} keep-alive connections that wait", "",
            *_table(["peer", "bytes resident a connection"], cells)]


def _growth(results):
    if not results["growth"]:
        return []
    cells = [[name, *map(str, results["sizes"][name]), f"{_middle(clean(rows), 'cpu_us'):.2f}", f"{lowest(rows):.2f}",
              f"{_middle(clean(rows), 'noise'):.0f}"] for name, rows in results["growth"].items()]
    return ["### growth: Postern with few and with many routes and instances", "",
            *_table(["", "routes", "instances", "CPU µs a request", "lowest", "noise %"], cells)]


def tables(results):
    lines = [f"Measured on {results['machine']}, {results['date']}, with the load of {results['load']}.", ""]
    if results["missing"]:
        lines += [f"Not installed, so not measured: {', '.join(results['missing'])}.", ""]
    everything = [rows for peers in [*results["rounds"].values(), results["growth"]] for rows in peers.values()]
    disturbed = sum(_middle(clean(rows), "noise") > NOISE_LIMIT for rows in everything)
    if disturbed:
        lines += [f"**The machine was not quiet**: {disturbed} of {len(everything)} rows rest on disturbed rounds.", ""]
    lines += _goals(results)
    for name, peers in results["rounds"].items():
        lines += _workload(name, peers, results["left_out"].get(name, {}))
    return "\n".join(lines + _latency(results) + _idle(results) + _growth(results))


def summary(results):
    """One table: CPU microseconds a request by peer and workload."""
    names = list(results["rounds"])
    peers = sorted({peer for name in names for peer in results["rounds"][name]},
                   key=lambda peer: (peer != "postern", peer.startswith("floor"), peer))

    def cell(name, peer):
        rows = results["rounds"][name].get(peer)
        return f"{_middle(clean(rows), 'cpu_us'):.1f}" if rows else ""
    cells = [[f"**{peer}**" if peer == "postern" else peer, *[cell(name, peer) for name in names]] for peer in peers]
    return "\n".join(_table(["CPU µs a request", *[WORKLOADS[name].title for name in names]], cells))


def write_into(path, results):
    """Replaces what stands between the marks of a document: `bench: tables` or `bench: summary`, and `bench: end`."""
    with open(path) as file:
        text = file.read()
    for mark, made in (("tables", tables(results)), ("summary", summary(results))):
        pattern = rf"(<!-- bench: {mark} -->\n).*?(<!-- bench: end -->)"
        text = re.sub(pattern, lambda found, made=made: f"{found[1]}\n{made.strip()}\n\n{found[2]}", text, flags=re.S)
    with open(path, "w") as file:
        file.write(text)
