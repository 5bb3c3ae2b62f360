"""Drills with the services behind the gate."""
import os
import signal

from load import Load
from machine import is_active, main_pid, run, systemctl, until

AUTH = "postern-auth.service"


def instance(number):
    return f"postern-data@{number}.service"


def kill(unit):
    """SIGKILL, and the process that systemd starts in its place."""
    before = main_pid(unit)
    os.kill(before, signal.SIGKILL)
    until(f"{unit} is started again", lambda: is_active(unit) and main_pid(unit) not in (0, before))
    # Not an operator in trouble: it does not count towards the limit of starts.
    systemctl("reset-failed", unit, check=False)


def instance_killed():
    """one of two instances is killed, five times"""
    systemctl("start", instance(2))
    with Load() as load:
        for _ in range(5):
            kill(instance(2))
            load.until_answered(20)
    return load


def only_instance_killed():
    """the only instance is killed, three times"""
    systemctl("stop", "postern-data@2.socket", check=False)
    with Load() as load:
        for _ in range(3):
            kill(instance(1))
            load.until_answered(20)
    return load


def instance_stopped():
    """one of two instances is stopped and started, three times"""
    with Load() as load:
        for _ in range(3):
            systemctl("start", instance(2))
            load.until_answered(20)
            run("postern", "scale", "data", "1")
            load.until_answered(20)
    return load


def restarted_one_by_one():
    """three instances are restarted one by one"""
    run("postern", "scale", "data", "3")
    with Load() as load:
        for number in (1, 2, 3):
            systemctl("restart", instance(number))
            load.until_answered(20)
    return load


def scaled():
    """scaled from 1 to 8 to 1"""
    run("postern", "scale", "data", "1")
    with Load() as load:
        run("postern", "scale", "data", "8")
        load.until_answered(50)
        run("postern", "scale", "data", "1")
        load.until_answered(20)
    return load


def auth_restarted():
    """the auth service is restarted, three times"""
    with Load() as load:
        for _ in range(3):
            systemctl("restart", AUTH)
            load.until_answered(60)
        systemctl("reset-failed", AUTH)
    return load


DRILLS = (instance_killed, only_instance_killed, instance_stopped, restarted_one_by_one, scaled, auth_restarted)
