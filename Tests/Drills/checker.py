"""A client that checks every answer: mixed requests, one after the other, on a connection that it keeps where it may.

A kept connection that ends before any of an answer came is nobody's fault, and a request that is idempotent is sent again
on a new one (RFC 9110 section 9.2.2): a client that does not do that loses requests to any server. What fails on a new
connection has failed. Logins, which are not idempotent, have a connection of their own each."""
import http.client
import json
import socket
import threading
import time

PATIENCE = 15    # seconds for one answer
PORT = 3000
LOGIN = json.dumps({"username": "bob", "password": "password"})
POSTS = b'[{"id":1,"userId":1,"text":"Hello, World!"},{"id":2,"userId":2,"text":"Hello, NextJS"}]'
USER = b'{"id":3,"username":"john","name":"John","location":"France"}'
COMMENTS = b'[{"id":1,"postId":1,"userId":2,"text":"Hi there!"}]'


class Wrong(Exception):
    """An answer that is not the one that was to come."""


class Checker(threading.Thread):
    def __init__(self, token, end, number, has_logins):
        super().__init__(name=f"checker-{number}", daemon=True)
        self.has_logins = has_logins
        self.token, self.end, self.number = token, end, number
        self.connection = None
        self.sent, self.reopened = 0, 0
        # When each answer came, and the longest that one was waited for (seconds).
        self.answers, self.longest = [], 0.0
        self.failures = []

    def run(self):
        bearer = {"Authorization": f"Bearer {self.token}"}
        kinds = (
            lambda: self.read("/api/posts?limit=2", POSTS),
            lambda: self.read("/api/users", None, bearer),
            lambda: self.read("/api/users/3", USER),
            lambda: self.read("/api/comments/1/2", COMMENTS),
            lambda: self.read("/api/users", None, bearer),
        )
        turn = self.number
        while not self.end.is_set():
            turn += 1
            begun = time.monotonic()
            try:
                self.sent += 1
                # bcrypt is slow on purpose: few logins, or they are all that is tried.
                if self.has_logins and turn % 40 == 0:
                    self.log_in()
                else:
                    kinds[turn % len(kinds)]()
                now = time.monotonic()
                self.answers.append(now)
                self.longest = max(self.longest, now - begun)
            except (Wrong, OSError, http.client.HTTPException) as error:
                self.failures.append((time.monotonic(), f"{type(error).__name__}: {error}"))
                self.drop()
                time.sleep(0.05)
        self.drop()

    def drop(self):
        if self.connection:
            self.connection.close()
        self.connection = None

    def read(self, path, wanted, fields=None):
        """GET, on the kept connection; once more on a new one where that had ended."""
        is_kept = self.connection is not None
        try:
            status, body = self.ask(path, fields or {})
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.drop()
            if not is_kept:
                raise
            self.reopened += 1
            status, body = self.ask(path, fields or {})
        if status != 200 or (wanted is not None and body != wanted):
            raise Wrong(f"{path}: {status} {body[:120]!r}")

    def ask(self, path, fields):
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
        self.connection.request("GET", path, headers=fields)
        answer = self.connection.getresponse()
        body = answer.read()
        if answer.will_close:
            self.drop()
        return answer.status, body

    def log_in(self):
        status, body = log_in()
        if status != 200 or not body.startswith(b'{"token":"'):
            raise Wrong(f"login: {status} {body[:120]!r}")


def log_in():
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=PATIENCE)
    try:
        connection.request("POST", "/api/auth", LOGIN, {"Content-Type": "application/json", "Connection": "close"})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def new_token():
    status, body = log_in()
    if status != 200:
        raise Wrong(f"login: {status} {body!r}")
    return json.loads(body)["token"]


class StreamReader(threading.Thread):
    """Reads an answer that does not end, and holds its numbers against their order."""

    def __init__(self):
        super().__init__(name="stream", daemon=True)
        self.stream = socket.create_connection(("127.0.0.1", PORT), timeout=PATIENCE)
        self.stream.sendall(b"GET /stream HTTP/1.1\r\nHost: drills\r\n\r\n")
        self.lines, self.failure, self.is_over = 0, None, False

    def run(self):
        try:
            with self.stream.makefile("rb") as text:
                if b" 200 " not in text.readline():
                    raise Wrong("the stream did not begin with 200")
                for line in text:
                    if self.is_over:
                        return
                    if line.startswith(b"data: "):
                        if int(line[6:]) != self.lines:
                            raise Wrong(f"event {int(line[6:])} came in place of {self.lines}")
                        self.lines += 1
            raise Wrong(f"the stream ended after event {self.lines - 1}")
        except (Wrong, OSError, ValueError) as error:
            self.failure = None if self.is_over else f"{type(error).__name__}: {error}"

    def stop(self):
        self.is_over = True
        self.stream.shutdown(socket.SHUT_RDWR)
        self.join()
