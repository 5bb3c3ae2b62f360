#!/usr/bin/env python3
"""How long a revoked token is still taken, while wrk(1) asks with another one as fast as it can.

    make release && python3 Benchmarks/revocation.py [ROUNDS]

The gateway runs two event loops and answers itself (`respond`), so that all there is to a request is its token. In each
round a fresh token is asked with on 16 connections, so that every loop knows its verdict; then `postern-auth token revoke`
is started. Told are the milliseconds from the end of that command, and from the event on the stream that gateways read,
to the last answer that still took the token; below 0 where the last one was before. wrk's own count stands beside it.
"""

import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.environ.get("PROGRAMS", f"{HERE}/../.build/release")
CONNECTIONS = 16


def connect(address):
    end = time.monotonic() + 10
    while True:
        client = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
        try:
            client.connect(address)
            return client
        except OSError:
            client.close()
            if time.monotonic() > end:
                raise
            time.sleep(0.01)


def ask(client, text):
    """The status and the body."""
    client.sendall(text)
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += client.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length.group(1)):
        body += client.recv(65536)
    return int(head.split()[1]), body


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def log_in(folder):
    with connect(f"{folder}/login.sock") as login:
        body = b'{"username":"bob","password":"password"}'
        _, answer = ask(login, b"POST /api/auth HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
        return json.loads(answer)["token"]


def configure(folder, port):
    def write(name, text):
        os.makedirs(os.path.dirname(f"{folder}/{name}"), exist_ok=True)
        with open(f"{folder}/{name}", "w") as file:
            file.write(text)

    write("auth.yaml", f"listen: {{login: unix:{folder}/login.sock, verify: unix:{folder}/verify.sock}}\n"
          f"store: sqlite:{folder}/auth.db\nseed: tutorial\nkeys: {folder}/keys\n"
          "verdict: {max_age: 300s}\n")
    write("postern.yaml", f"listen: 127.0.0.1:{port}\nverify: unix:{folder}/verify.sock\nthreads: 2\n")
    os.makedirs(f"{folder}/services")
    write("routes/who.yaml", "auth: required\nrespond: {body: it is you}\n")


class Events(threading.Thread):
    """Another reader of the stream: when each event came."""

    def __init__(self, folder):
        super().__init__(daemon=True)
        self.stream, self.moments = connect(f"{folder}/verify.sock"), []
        self.stream.sendall(b"GET /revocations HTTP/1.1\r\nHost: a\r\n\r\n")

    def run(self):
        while piece := self.stream.recv(65536):
            if b"event: revoked" in piece:
                self.moments.append(time.monotonic())


def round_of(folder, port, events):
    """Milliseconds to the last answer that took the token: since the command ended, since the event."""
    # Another second: tokens of one user and one second say the same, and are revoked together.
    time.sleep(1.1)
    token = log_in(folder)
    request = f"GET /who HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer {token}\r\n\r\n".encode()
    clients = [connect(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    for client in clients:
        status, _ = ask(client, request)
        assert status == 200, status
    known = len(events.moments)
    revoke = subprocess.Popen([f"{PROGRAMS}/postern-auth", "token", "revoke", "--config", folder],
                              stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    revoke.stdin.write(token.encode())
    revoke.stdin.close()
    ended, last, refused, turn = None, 0.0, set(), 0
    deadline = time.monotonic() + 10
    while len(refused) < CONNECTIONS:
        assert time.monotonic() < deadline, "it is taken for ten seconds"
        turn = (turn + 1) % CONNECTIONS
        status, _ = ask(clients[turn], request)
        if status == 200:
            last = time.monotonic()
            refused.discard(turn)
        else:
            refused.add(turn)
        if ended is None and revoke.poll() is not None:
            ended = time.monotonic()
    if ended is None:
        revoke.wait()
        ended = time.monotonic()
    for client in clients:
        client.close()
    return (last - ended) * 1e3, (last - events.moments[known]) * 1e3


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 10
    with tempfile.TemporaryDirectory() as folder:
        port, running = free_port(), []
        configure(folder, port)
        try:
            subprocess.run([f"{PROGRAMS}/postern-auth", "key", "generate", "--algorithm", "ES256", "--config", folder],
                           check=True, stdout=subprocess.DEVNULL)
            for program in ("postern-auth", "postern-gateway"):
                running.append(subprocess.Popen([f"{PROGRAMS}/{program}", "--config", folder, "--run", folder],
                                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            connect(("127.0.0.1", port)).close()
            events = Events(folder)
            events.start()
            wrk = subprocess.Popen(
                ["wrk", "-t1", "-c32", f"-d{rounds * 3}s", "-H", f"Authorization: Bearer {log_in(folder)}",
                 f"http://127.0.0.1:{port}/who"], stdout=subprocess.PIPE, text=True)
            time.sleep(1)
            print("round  ms after the command  ms after the event")
            for number in range(rounds):
                command, event = round_of(folder, port, events)
                print(f"{number + 1:5}  {command:20.1f}  {event:18.1f}", flush=True)
            print("".join(line for line in wrk.communicate()[0].splitlines(True) if "sec" in line or "Non" in line))
        finally:
            for process in running:
                process.terminate()
                process.wait()


main()
