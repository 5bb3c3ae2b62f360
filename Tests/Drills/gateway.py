"""Drills with the gateway itself."""
import time

from load import Load
from machine import DrillFailure, drop_in, journal, main_pid, run, status_of, systemctl, until, value

GATEWAY = "postern-gateway.service"
# Beside the programs that are drilled: the debug build, which can be told to hang.
DEBUG_GATEWAY = "/usr/lib/postern/debug/postern-gateway"


def reloaded():
    """systemctl reload, 100 times, and an endless stream through all of them"""
    before = main_pid(GATEWAY)
    with Load(has_stream=True) as load:
        for _ in range(100):
            systemctl("reload", GATEWAY)
        load.until_answered(20)
    if main_pid(GATEWAY) != before:
        raise DrillFailure("a reload started another process")
    return load


def restarted():
    """systemctl restart of the gateway, three times"""
    with Load() as load:
        for _ in range(3):
            before = main_pid(GATEWAY)
            systemctl("restart", GATEWAY)
            load.until_answered(20)
            if main_pid(GATEWAY) == before:
                raise DrillFailure("a restart started no other process")
    systemctl("reset-failed", GATEWAY)
    return load


def hung():
    """an event loop hangs: the watchdog has the gateway killed and started again"""
    settings = f"[Service]\nExecStart=\nExecStart={DEBUG_GATEWAY} --config /etc/postern\nWatchdogSec=1s\n"
    with drop_in(GATEWAY, settings):
        systemctl("restart", GATEWAY)
        before, since = main_pid(GATEWAY), time.time()
        run("curl", "-s", "--fail", "--unix-socket", "/run/postern/gateway/control.sock", "-X", "POST",
            "http://localhost/debug/hang")
        until("systemd has killed it and started another", lambda: main_pid(GATEWAY) not in (0, before)
              and value(GATEWAY, "ActiveState") == "active")
        if "Watchdog timeout" not in journal(GATEWAY, since):
            raise DrillFailure("it did not end by the watchdog")
        until("it serves again", lambda: status_of("/api/posts") == "200")
    systemctl("reset-failed", GATEWAY)
    systemctl("restart", GATEWAY)


DRILLS = (reloaded, restarted, hung)
