"""The steady load of a drill: wrk(1), and clients that check every answer."""
import os
import re
import subprocess
import threading
import time

from checker import Checker, StreamReader, new_token

HERE = os.path.dirname(os.path.abspath(__file__))
CLIENTS = 4
# More than any drill lasts: wrk is told to stop.
WRK_SECONDS = 120


class Load:
    """with Load() as load: …; then what was sent, what failed, and the longest time without an answer."""

    def __init__(self, has_stream=False, has_logins=True):
        self.end, self.has_logins = threading.Event(), has_logins
        self.has_stream, self.stream = has_stream, None
        self.sent = self.failed = self.reopened = 0
        self.gap, self.reasons = 0.0, []

    def __enter__(self):
        token = new_token()
        self.begun = time.monotonic()
        self.clients = [Checker(token, self.end, number, self.has_logins) for number in range(CLIENTS)]
        if self.has_stream:
            self.stream = StreamReader()
            self.stream.start()
        self.wrk = subprocess.Popen(
            ["wrk", "--threads", "1", "--connections", "8", "--duration", f"{WRK_SECONDS}s", "--timeout", "15s",
             "--script", os.path.join(HERE, "mixed.lua"), "http://127.0.0.1:3000"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={**os.environ, "DRILL_TOKEN": token})
        for client in self.clients:
            client.start()
        self.run_for(0.5)
        return self

    def run_for(self, seconds):
        """Lets the load go on: what a drill does is done in the middle of it."""
        time.sleep(seconds)

    @property
    def answered(self):
        """Of the checking clients, so far."""
        return sum(len(client.answers) for client in self.clients)

    def until_answered(self, count, limit=20):
        """Waits until the checking clients have had `count` answers more."""
        wanted, deadline = self.answered + count, time.monotonic() + limit
        while self.answered < wanted and time.monotonic() < deadline:
            time.sleep(0.01)

    def __exit__(self, *failure):
        self.run_for(0.3)
        self.end.set()
        # On this signal it ends what is under way, and tells its counts.
        self.wrk.send_signal(2)
        printed = self.wrk.communicate(timeout=30)[0]
        for client in self.clients:
            client.join()
        self.collect(printed)
        return False

    def collect(self, printed):
        ended = time.monotonic()
        answers = sorted(time for client in self.clients for time in client.answers)
        moments = [self.begun, *answers, ended]
        self.gap = max(after - before for before, after in zip(moments, moments[1:]))
        self.sent = sum(client.sent for client in self.clients)
        self.reopened = sum(client.reopened for client in self.clients)
        for client in self.clients:
            self.reasons += [f"{client.name} after {when - self.begun:.2f} s: {what}" for when, what in client.failures]
        self.failed = len(self.reasons)
        counts = re.search(r"^counts (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)$", printed, re.MULTILINE)
        if not counts:
            self.failed += 1
            self.reasons.append(f"wrk told no counts: {printed!r}")
        else:
            requests, status, connect, read, write, timeout = map(int, counts.groups())
            self.sent += requests
            lost = status + connect + read + write + timeout
            self.failed += lost
            if lost:
                self.reasons.append(
                    f"wrk: {status} answers of another status, {connect} failures to connect, {read} to read, "
                    f"{write} to write, {timeout} in time")
        if self.stream:
            self.stream.stop()
            self.sent += 1
            if self.stream.failure:
                self.failed += 1
                self.reasons.append(f"the endless stream: {self.stream.failure}")
