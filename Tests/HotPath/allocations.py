"""What count_allocations.c counts, and who allocated."""
import mmap
import os
import re
import struct
import subprocess

THREADS, STACKS, FRAMES = 64, 64, 24
_WORDS = 5 + 2 * THREADS + STACKS * (3 + FRAMES)
_HERE = os.path.dirname(os.path.abspath(__file__))


def build(folder):
    """The library that counts."""
    library = os.path.join(folder, "count_allocations.so")
    subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC", "-ftls-model=initial-exec", "-o",
                    library, os.path.join(_HERE, "count_allocations.c")], check=True)
    return library


class Counts:
    def __init__(self, folder, library):
        path = os.path.join(folder, "allocations")
        with open(path, "wb") as file:
            file.truncate(8 * _WORDS)
        self.environment = {"LD_PRELOAD": library, "ALLOCATION_COUNTS": path}
        with open(path, "r+b") as file:
            self._memory = mmap.mmap(file.fileno(), 8 * _WORDS)

    def _words(self, first, count):
        return struct.unpack_from(f"<{count}q", self._memory, 8 * first)

    @property
    def live_blocks(self):
        return self._words(1, 1)[0]

    @property
    def live_bytes(self):
        return self._words(2, 1)[0]

    def of(self, threads):
        """Allocations of these threads so far."""
        words = self._words(5, 2 * THREADS)
        return sum(count for thread, count in zip(words[::2], words[1::2]) if thread in threads)

    def record(self, is_on):
        struct.pack_into("<q", self._memory, 0, int(is_on))
        if is_on:
            struct.pack_into("<q", self._memory, 8 * 4, 0)

    def stacks(self, threads):
        """The stacks that were recorded of these threads: how often, and addresses from the inside out."""
        for index in range(self._words(4, 1)[0]):
            words = self._words(5 + 2 * THREADS + index * (3 + FRAMES), 3 + FRAMES)
            if words[0] in threads:
                yield words[1], words[3:3 + words[2]]


def names(pid, addresses):
    """What stands at these addresses of a running program, in words."""
    program = os.readlink(f"/proc/{pid}/exe")
    with open(f"/proc/{pid}/maps") as file:
        base = min(int(line.split("-")[0], 16) for line in file if line.rstrip().endswith(program))
    offsets = [hex(address - base - 1) for address in addresses]
    mangled = subprocess.run(["addr2line", "-f", "-e", program, *offsets], capture_output=True, text=True, check=False)
    functions = "\n".join(mangled.stdout.split("\n")[::2])
    try:
        functions = subprocess.run(["swift", "demangle", "--simplified"], input=functions, capture_output=True,
                                   text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pass   # mangled names tell as much
    return [re.sub(r" with unmangled suffix.*", "", line) for line in functions.split("\n") if line]
