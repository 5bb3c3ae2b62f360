#!/usr/bin/env python3
"""CPU of postern-auth a verification, on one connection to its verify socket, for each algorithm; beside it, in the same
run, what `openssl speed` gives for the signature alone, and for HS256 a sidecar in C (native/backend.c).

    make release && python3 Benchmarks/verify.py [--requests 20000] [--rounds 5] [--depth 1] [--programs FOLDER] [ALGORITHM…]

User and system time of all threads by the kernel's nanosecond counters. The client (native/ask.c) asks one question after
the other, so that nothing is saved by reading several at once, and the processor sleeps before each: on a machine where
that is dear, --depth 16 shows what is left when so many are asked at once, on the same connection. Of the rounds, which are in turn, the lowest counts:
disturbance only adds.
"""
import argparse
import contextlib
import os
import re
import socket
import subprocess
import tempfile
import time

from harness.machine import GATEWAY_PROCESSOR, LOAD_PROCESSOR, CPUTime, pin
from harness.peers import BUILD, HERE, build_natives
from harness.tokens import SECRET, token

# What `openssl speed` calls them.
ALGORITHMS = {
    "HS256": None, "HS512": None, "RS256": "rsa3072", "PS256": "rsa3072", "ES256": "ecdsap256", "ES384": "ecdsap384",
    "ES512": "ecdsap521", "EdDSA": "ed25519",
}
CONFIGURATION = """\
listen: {{login: unix:{folder}/login.sock, verify: unix:{folder}/verify.sock}}
store: sqlite:{folder}/auth.db
seed: tutorial
keys: {folder}/keys
"""


def ask(path, text):
    """The answer to one request without more than its head, once the socket is there."""
    end = time.monotonic() + 20
    while True:
        client = socket.socket(socket.AF_UNIX)
        try:
            client.connect(path)
            break
        except OSError:
            client.close()
            if time.monotonic() > end:
                raise
    with client:
        client.sendall(text)
        client.settimeout(20)
        answer = b""
        while True:
            head, stop, body = answer.partition(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.I)
            if stop and length and len(body) >= int(length.group(1)):
                break
            more = client.recv(65536)
            assert more, answer
            answer += more
    return answer


class Server:
    depth = 1

    def __init__(self, stack, name, arguments, path):
        self.name, self.path, self.found = name, path, []
        self.process = subprocess.Popen(
            arguments, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            preexec_fn=pin(GATEWAY_PROCESSOR))
        stack.callback(self.process.wait)
        stack.callback(self.process.terminate)

    def measure(self, requests):
        def run(count):
            subprocess.run([os.path.join(BUILD, "ask"), self.path, str(count), self.token, str(self.depth)],
                           check=True, preexec_fn=pin(LOAD_PROCESSOR))

        run(requests // 10)
        used = CPUTime([self.process.pid])
        run(requests)
        self.found.append(used.seconds() * 1e6 / requests)


def auth(stack, programs, algorithm):
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    with open(f"{folder}/auth.yaml", "w") as file:
        file.write(CONFIGURATION.format(folder=folder))
    program = os.path.join(programs, "postern-auth")
    subprocess.run([program, "key", "generate", "--algorithm", algorithm, "--config", folder], check=True,
                   stdout=subprocess.DEVNULL)
    server = Server(stack, algorithm, [program, "--config", folder], f"{folder}/verify.sock")
    body = b'{"username":"bob","password":"password"}'
    head = b"POST /api/auth HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % len(body)
    server.token = ask(f"{folder}/login.sock", head + body).split(b'"token":"')[1].split(b'"')[0].decode()
    return server


def sidecar(stack):
    folder = stack.enter_context(tempfile.TemporaryDirectory())
    path = f"{folder}/verify.sock"
    server = Server(stack, "C sidecar", [os.path.join(BUILD, "backend"), "-a", SECRET, path], path)
    server.token = token()
    ask(path, b"GET /verify HTTP/1.1\r\nHost: a\r\n\r\n")
    return server


def openssl_speed(name):
    run = subprocess.run(["openssl", "speed", "-seconds", "1", name], capture_output=True, text=True, check=True,
                         preexec_fn=pin(GATEWAY_PROCESSOR))
    return 1e6 / float(run.stdout.split()[-1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("algorithms", nargs="*", default=list(ALGORITHMS))
    parser.add_argument("--requests", type=int, default=20000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--programs", default=f"{HERE}/../.build/release")
    parser.add_argument("--depth", type=int, default=1)
    options = parser.parse_args()
    Server.depth = options.depth
    build_natives()
    with contextlib.ExitStack() as stack:
        servers = [auth(stack, options.programs, algorithm) for algorithm in options.algorithms]
        if "HS256" in options.algorithms:
            servers.append(sidecar(stack))
        alone = {name: [] for algorithm in options.algorithms if (name := ALGORITHMS[algorithm])}
        for _ in range(options.rounds):
            for server in servers:
                server.measure(options.requests)
            for name, found in alone.items():
                found.append(openssl_speed(name))
        print("| algorithm | CPU µs a verification | median | `openssl speed` alone | above it |\n|---|---:|---:|---:|---:|")
        for server in servers:
            lowest, median = min(server.found), sorted(server.found)[len(server.found) // 2]
            name = ALGORITHMS.get(server.name)
            rest = f"{min(alone[name]):.1f} | {lowest - min(alone[name]):.1f}" if name else " | "
            print(f"| {server.name} | {lowest:.1f} | {median:.1f} | {rest} |")


main()
