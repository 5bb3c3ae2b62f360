"""Drills in which something runs out: what is degraded is said, and comes back without a restart."""
import socket
import time

from load import Load
from machine import DrillFailure, drop_in, filled, is_active, journal, main_pid, run, status_of, systemctl, until

GATEWAY, DATA = "postern-gateway.service", "postern-data@1.service"


def no_descriptors():
    """the gateway has no descriptors left, and gets them back"""
    with drop_in(GATEWAY, "[Service]\nLimitNOFILE=96\n"):
        systemctl("restart", GATEWAY)
        process, since = main_pid(GATEWAY), time.time()
        clients = []
        for _ in range(200):
            client = socket.socket()
            client.settimeout(5)
            client.connect(("127.0.0.1", 3000))
            clients.append(client)
        until("it says so", lambda: "cannot accept" in journal(GATEWAY, since))
        if journal(GATEWAY, since).count("cannot accept") > 2:
            raise DrillFailure("it says so again and again")
        for client in clients:
            client.close()
        until("it serves again", lambda: status_of("/api/posts") == "200")
        with Load() as load:
            load.until_answered(50)
        if main_pid(GATEWAY) != process:
            raise DrillFailure("it was restarted")
    systemctl("restart", GATEWAY)
    return load


def disk_full():
    """the disk of the stores is full: what is asked is answered, what cannot be written is said"""
    process = main_pid(DATA)
    with Load() as load:
        with filled("/var/lib/postern"):
            load.until_answered(50)
            said = run("bash", "-c", "echo a-good-long-password | postern user add carol --password-stdin", check=False)
            if "no space is left" not in said:
                raise DrillFailure(f"a user was added on a full disk, or it was not said why not: {said!r}")
            since = time.time()
            systemctl("start", "--no-block", "postern-data@2.service")
            until("an instance starts, or says why not", lambda: is_active("postern-data@2.service")
                  or "space" in journal("postern-data@2.service", since))
        until("the instance is there", lambda: is_active("postern-data@2.service"))
        load.until_answered(20)
        run("postern", "scale", "data", "1")
    run("bash", "-c", "echo a-good-long-password | postern user add carol --password-stdin")
    run("postern", "user", "remove", "carol")
    if main_pid(DATA) != process:
        raise DrillFailure("the data service was restarted")
    return load


def run_full():
    """/run is full: what runs serves on, a reload works, an instance starts when there is room again"""
    process = main_pid(GATEWAY)
    with Load() as load:
        with filled("/run"):
            load.until_answered(50)
            run("postern", "reload")
            systemctl("start", "--no-block", "postern-data@2.service")
        until("the instance is there", lambda: is_active("postern-data@2.service"))
        load.until_answered(20)
        run("postern", "scale", "data", "1")
    if main_pid(GATEWAY) != process:
        raise DrillFailure("the gateway was restarted")
    return load


DRILLS = (no_descriptors, disk_full, run_full)
