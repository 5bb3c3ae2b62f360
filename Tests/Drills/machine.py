"""What the drills do to the machine that they run on: units, processes, files."""
import contextlib
import os
import subprocess
import time

URL = "http://127.0.0.1:3000"


class DrillFailure(Exception):
    """Something did not happen that had to."""


def run(*command, check=True, timeout=60, given=None):
    """What a command printed, both streams; `given` is its standard input."""
    done = subprocess.run(
        command, input=given, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=timeout)
    if check and done.returncode != 0:
        raise DrillFailure(f"{' '.join(command)} ended with {done.returncode}: {done.stdout.strip()}")
    return done.stdout


def systemctl(*arguments, check=True):
    return run("systemctl", *arguments, check=check)


def value(unit, name):
    return systemctl("show", "--property", name, "--value", unit).strip()


def is_active(unit):
    return value(unit, "ActiveState") == "active"


def main_pid(unit):
    return int(value(unit, "MainPID") or 0)


def until(what, condition, limit=20.0, every=0.02):
    """Waits until `condition` is true; `what` is said where it never is."""
    deadline = time.monotonic() + limit
    while not condition():
        if time.monotonic() > deadline:
            raise DrillFailure(f"not in {limit:.0f} s: {what}")
        time.sleep(every)


def journal(unit, since):
    """What a unit has logged since a moment (of time.time())."""
    run("journalctl", "--sync", check=False)
    return run("journalctl", "--quiet", "--no-pager", "--unit", unit, "--since", f"@{since:.6f}", "--output", "cat")


def status_of(path, *arguments):
    """The status that curl gets; 000 where there is no answer."""
    return run(
        "curl", "-s", "--max-time", "15", "-o", "/dev/null", "-w", "%{http_code}", *arguments, URL + path, check=False)


@contextlib.contextmanager
def drop_in(unit, text):
    """Another setting of a unit, for a while; the unit is not restarted here."""
    folder = f"/run/systemd/system/{unit}.d"
    os.makedirs(folder, exist_ok=True)
    path = f"{folder}/drill.conf"
    with open(path, "w") as file:
        file.write(text)
    systemctl("daemon-reload")
    try:
        yield
    finally:
        os.remove(path)
        systemctl("daemon-reload")


@contextlib.contextmanager
def filled(mount):
    """A file system in memory without room, for a while: first so small that filling it costs little."""
    room = os.statvfs(mount)
    used = (room.f_blocks - room.f_bfree) * room.f_frsize
    run("mount", "-o", f"remount,size={used + (4 << 20)}", mount)
    path = os.path.join(mount, ".filled-by-a-drill")
    try:
        with open(path, "wb", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                block = b"\0" * size
                with contextlib.suppress(OSError):
                    while True:
                        file.write(block)
        yield
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.remove(path)
        run("mount", "-o", f"remount,size={room.f_blocks * room.f_frsize}", mount)
