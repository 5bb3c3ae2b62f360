"""What the kernel counts: the CPU time and memory of processes, and of everything else on the machine."""
import os
import re
import resource
import time

PROCESSORS = sorted(os.sched_getaffinity(0))
# Gateways have a processor of their own; the load and the services behind share another.
GATEWAY_PROCESSOR, LOAD_PROCESSOR = PROCESSORS[0], PROCESSORS[-1]
TICK = os.sysconf("SC_CLK_TCK")


def pin(processor):
    return lambda: os.sched_setaffinity(0, {processor})


def raise_file_limit(wanted):
    """Lets this process and its children open so many files, or as many as may be."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (max(wanted, soft), max(wanted, hard)))
    except (ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def _read(path):
    try:
        with open(path) as file:
            return file.read()
    except OSError:
        return ""


def _stat(pid):
    """The fields of proc(5)'s stat that follow the name."""
    return _read(f"/proc/{pid}/stat").rpartition(")")[2].split()


def descendants(root):
    """The process and all that come from it."""
    children = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit() and (fields := _stat(entry)):
            children.setdefault(int(fields[1]), []).append(int(entry))
    found, left = [], [root]
    while left:
        found.append(left.pop())
        left += children.get(found[-1], [])
    return found


class CPUTime:
    """The CPU time of some processes' threads from now on."""

    def __init__(self, pids):
        self.pids = pids
        self.before = self._threads()
        self.ticks_before = self._ticks()

    def _threads(self):
        """Nanoseconds by thread: schedstat is exact, and counts the kernel's time too."""
        times = {}
        for pid in self.pids:
            try:
                threads = os.listdir(f"/proc/{pid}/task")
            except OSError:
                continue
            for thread in threads:
                if words := _read(f"/proc/{pid}/task/{thread}/schedstat").split():
                    times[thread] = int(words[0])
        return times

    def _ticks(self):
        stats = [fields for pid in self.pids if (fields := _stat(pid))]
        return sum(int(fields[11]) for fields in stats), sum(int(fields[12]) for fields in stats)

    def seconds(self):
        return sum(spent - self.before.get(thread, 0) for thread, spent in self._threads().items()) / 1e9

    def user_percent(self):
        """Of a grain of 10 ms: for a look, not for figures."""
        user, system = (now - before for now, before in zip(self._ticks(), self.ticks_before))
        return 100 * user / max(user + system, 1)


class Noise:
    """CPU time that others used, and that the hypervisor stole, from now on."""

    def __init__(self, pids):
        self.began, self.ours = time.monotonic(), CPUTime(pids)
        self.busy, self.children = self._busy(), self._children()

    @staticmethod
    def _busy():
        """Seconds of all processors that were not idle, stolen ones too."""
        fields = [int(word) for word in _read("/proc/stat").split("\n")[0].split()[1:9]]
        return (sum(fields) - fields[3] - fields[4]) / TICK

    @staticmethod
    def _children():
        usage = [resource.getrusage(who) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)]
        return sum(one.ru_utime + one.ru_stime for one in usage)

    def percent(self):
        """Of one processor."""
        ours = self.ours.seconds() + self._children() - self.children
        return 100 * max(self._busy() - self.busy - ours, 0) / max(time.monotonic() - self.began, 0.001)


class Patience:
    """Waits while others use the machine, within so many seconds in all."""

    def __init__(self, seconds, limit=15):
        self.left, self.limit = seconds, limit

    def wait(self, pids):
        while self.left > 0:
            noise, began = Noise(pids), time.monotonic()
            time.sleep(0.1)
            while time.monotonic() - began < 0.2:
                pass  # a stolen processor shows only where one is wanted
            if noise.percent() <= self.limit:
                return
            time.sleep(0.5)
            self.left -= 0.7


def resident_bytes(pids):
    texts = [_read(f"/proc/{pid}/smaps_rollup") for pid in pids]
    return sum(int(found.group(1)) * 1024 for text in texts if (found := re.search(r"^Rss:\s+(\d+)", text, re.M)))


def description():
    model = re.search(r"^model name\s*:\s*(.*)$", _read("/proc/cpuinfo"), re.M)
    return f"{len(PROCESSORS)} processors ({model.group(1) if model else os.uname().machine}), Linux {os.uname().release}"
