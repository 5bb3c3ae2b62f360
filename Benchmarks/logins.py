#!/usr/bin/env python3
"""How long GET /verify takes beside 64 parallel logins, and without them.

    swift build -c release && python3 Benchmarks/logins.py [--scheme yescrypt] [--cost N] [--logins 64] [--rounds 10] [--rate 200]

Rounds without and with logins take turns in one run. One connection asks for verdicts at a steady pace, and each answer's time
counts from the moment when its question was due: a question that could not even be sent waits too. The logins are as many
connections, each with its next password as soon as the one before is answered. CPU is the service's, by /proc; beside the
figures of postern-auth stand those of this program's own clock (`sleep`), which waits for nothing but the machine.
"""

import argparse
import multiprocessing
import os
import re
import select
import socket
import subprocess
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.environ.get("PROGRAMS", f"{HERE}/../.build/release")
SECONDS = 3


def connect(path):
    end = time.monotonic() + 10
    while True:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(path)
            return client
        except OSError:
            client.close()
            if time.monotonic() > end:
                raise


def ask(client, text):
    client.sendall(text)
    answer = b""
    while b"\r\n\r\n" not in answer:
        piece = client.recv(65536)
        if not piece:
            raise OSError("closed")
        answer += piece
    head, body = answer.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length.group(1)):
        body += client.recv(65536)
    return head, body


def login(name):
    body = b'{"username":"%s","password":"password"}' % name
    return b"POST /api/auth HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body)


def cpu(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Logins:
    """So many connections, each of which logs in again and again; in a process of their own, whose clock is not ours."""

    def __init__(self, path, count):
        self.ours, theirs = multiprocessing.Pipe()
        self.process = multiprocessing.Process(target=self.run, args=(path, count, theirs))
        self.process.start()

    @staticmethod
    def run(path, count, pipe):
        clients = [(connect(path), (b"bob", b"alice", b"john")[number % 3]) for number in range(count)]
        answers = {}
        poll = select.poll()
        names = {}
        for client, name in clients:
            poll.register(client, select.POLLIN)
            names[client.fileno()] = (client, name)
            client.sendall(login(name))
        while not pipe.poll(0):
            for descriptor, _ in poll.poll(100):
                client, name = names[descriptor]
                # An answer is small, and comes in one piece.
                status = client.recv(65536)[9:12]
                answers[status] = answers.get(status, 0) + 1
                client.sendall(login(name))
        pipe.send(answers)

    def stop(self):
        self.ours.send(None)
        answers = self.ours.recv()
        self.process.join()
        return answers


def pace(rate, each):
    """Calls `each` at that rate; the microseconds from when a call was due to when it returned."""
    times = []
    start = time.monotonic()
    for number in range(int(rate * SECONDS)):
        due = start + number / rate
        rest = due - time.monotonic()
        if rest > 0:
            time.sleep(rest)
        each()
        times.append((time.monotonic() - due) * 1e6)
    return times


def quantile(times, part):
    times = sorted(times)
    return times[min(len(times) - 1, int(len(times) * part))]


def settle(process):
    """Waits until nothing is left to hash."""
    while True:
        before = cpu(process)
        time.sleep(0.3)
        if cpu(process) - before < 0.03:
            return


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--scheme", default="bcrypt")
    parser.add_argument("--cost", type=int)
    parser.add_argument("--logins", type=int, default=64)
    parser.add_argument("--rounds", type=int, default=10)
    parser.add_argument("--rate", type=float, default=200)
    options = parser.parse_args()
    cost = f", cost: {options.cost}" if options.cost else ""
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/auth.yaml", "w") as file:
            file.write(
                f"listen: {{login: unix:{folder}/login.sock, verify: unix:{folder}/verify.sock}}\n"
                f"store: sqlite:{folder}/auth.db\nseed: tutorial\nkeys: {folder}/keys\n"
                f"passwords: {{scheme: {options.scheme}{cost}, queue: 1000}}\n")
        program = f"{PROGRAMS}/postern-auth"
        subprocess.run(
            [program, "key", "generate", "--algorithm", "EdDSA", "--config", folder], check=True,
            stdout=subprocess.DEVNULL)
        auth = subprocess.Popen([program, "--config", folder], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            client = connect(f"{folder}/login.sock")
            for name in (b"bob", b"alice", b"john"):
                _, answer = ask(client, login(name))
            token = answer.split(b'"')[3]
            verify = connect(f"{folder}/verify.sock")
            question = b"GET /verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n" % token
            assert ask(verify, question)[0].startswith(b"HTTP/1.1 200")
            time.sleep(1)
            found = {}
            for number in range(options.rounds):
                for kind in ("without", "with"):
                    logins = Logins(f"{folder}/login.sock", options.logins) if kind == "with" else None
                    if logins:
                        time.sleep(0.5)
                    before, begun = cpu(auth.pid), time.monotonic()
                    times = pace(options.rate, lambda: ask(verify, question))
                    used = (cpu(auth.pid) - before) / (time.monotonic() - begun)
                    idle = pace(options.rate, lambda: None)
                    answers = logins.stop() if logins else {}
                    settle(auth.pid)
                    entry = found.setdefault(kind, {"times": [], "idle": [], "cpu": [], "answers": {}})
                    entry["times"] += times
                    entry["idle"] += idle
                    entry["cpu"].append(used)
                    for status, count in answers.items():
                        entry["answers"][status] = entry["answers"].get(status, 0) + count
        finally:
            auth.terminate()
            auth.wait()
    print(f"{options.scheme}{cost}, {options.logins} logins at once, {options.rounds} rounds of {SECONDS} s each, "
          f"{options.rate:g} questions a second; microseconds")
    print("logins    verify p50    p99   p99.9 | sleep p50    p99 | CPU of postern-auth  answers to logins")
    for kind, entry in found.items():
        answers = ", ".join(f"{status.decode()}: {count}" for status, count in sorted(entry["answers"].items()))
        print(f"{kind:8} {quantile(entry['times'], .5):11.0f} {quantile(entry['times'], .99):6.0f} "
              f"{quantile(entry['times'], .999):7.0f} | {quantile(entry['idle'], .5):9.0f} "
              f"{quantile(entry['idle'], .99):6.0f} | {sum(entry['cpu']) / len(entry['cpu']):17.2f} s/s  {answers}")


main()
