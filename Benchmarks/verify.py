#!/usr/bin/env python3
"""CPU of postern-auth a verification, on one connection to its verify socket, for each algorithm.

    swift build -c release && python3 Benchmarks/verify.py [REQUESTS]

User and system time of the process by /proc, divided by the requests; the figure of `openssl speed` stands beside it.
The client sends one question after another, so that nothing is saved by reading several at once.
"""

import os
import re
import socket
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
PROGRAMS = os.environ.get("PROGRAMS", f"{HERE}/../.build/release")
# What `openssl speed` calls them, and which of its last line's figures is verifications a second.
ALGORITHMS = {
    "HS256": None, "RS256": "rsa3072", "PS256": "rsa3072", "ES256": "ecdsap256", "ES384": "ecdsap384",
    "ES512": "ecdsap521", "EdDSA": "ed25519",
}


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
        answer += client.recv(65536)
    head, body = answer.split(b"\r\n\r\n", 1)
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length.group(1)):
        body += client.recv(65536)
    return head, body


def ticks(process):
    with open(f"/proc/{process}/stat") as file:
        fields = file.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) * 1e6 / os.sysconf("SC_CLK_TCK")


def speed(name):
    if name is None:
        return None
    run = subprocess.run(
        ["openssl", "speed", "-seconds", "1", name], capture_output=True, text=True, check=True)
    return 1e6 / float(run.stdout.split()[-1])


def measure(algorithm, requests):
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{folder}/auth.yaml", "w") as file:
            file.write(
                f"listen: {{login: unix:{folder}/login.sock, verify: unix:{folder}/verify.sock}}\n"
                f"store: sqlite:{folder}/auth.db\nseed: tutorial\nkeys: {folder}/keys\n")
        program = f"{PROGRAMS}/postern-auth"
        subprocess.run(
            [program, "key", "generate", "--algorithm", algorithm, "--config", folder], check=True,
            stdout=subprocess.DEVNULL)
        auth = subprocess.Popen([program, "--config", folder], stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            login = connect(f"{folder}/login.sock")
            body = b'{"username":"bob","password":"password"}'
            _, answer = ask(login, b"POST /api/auth HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
            token = answer.split(b'"')[3]
            verify = connect(f"{folder}/verify.sock")
            question = b"GET /verify HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer %s\r\n\r\n" % token
            for _ in range(requests // 10):
                head, _ = ask(verify, question)
            assert head.startswith(b"HTTP/1.1 200"), head
            before = ticks(auth.pid)
            for _ in range(requests):
                ask(verify, question)
            return (ticks(auth.pid) - before) / requests
        finally:
            auth.terminate()
            auth.wait()


def main():
    requests = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
    print("algorithm  microseconds of CPU  openssl speed")
    for algorithm, name in ALGORITHMS.items():
        alone = speed(name)
        print(f"{algorithm:9}  {measure(algorithm, requests):19.1f}  {alone:13.1f}" if alone
              else f"{algorithm:9}  {measure(algorithm, requests):19.1f}              -")


main()
