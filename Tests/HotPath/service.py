"""Services behind the gateway, in a process of their own: data that answers every request, verdicts on tokens."""
import multiprocessing
import os
import socket
import threading
import time

GOOD_TOKEN, BAD_TOKEN = "good", "bad"
BODY = b"x" * 300


class Reader:
    """Messages of HTTP/1.1 from a blocking socket."""

    def __init__(self, connection):
        self.connection, self.held = connection, b""

    def _more(self):
        piece = self.connection.recv(65536)
        if not piece:
            raise EOFError
        self.held += piece

    def until(self, end):
        while end not in self.held:
            self._more()
        found, _, self.held = self.held.partition(end)
        return found

    def exactly(self, count):
        while len(self.held) < count:
            self._more()
        found, self.held = self.held[:count], self.held[count:]
        return found

    def message(self, has_body=True):
        """The start line, and the body."""
        start, *lines = self.until(b"\r\n\r\n").split(b"\r\n")
        fields = dict(line.lower().split(b": ", 1) for line in lines)
        if not has_body:
            return start, fields, b""
        if fields.get(b"transfer-encoding") != b"chunked":
            return start, fields, self.exactly(int(fields.get(b"content-length", 0)))
        body = b""
        while size := int(self.until(b"\r\n"), 16):
            body += self.exactly(size + 2)[:-2]
        self.until(b"\r\n")
        return start, fields, body


def _answer_data(start, _fields, body):
    method, path, _ = start.split(b" ")
    if path == b"/api/chunked":
        return b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n12c\r\n" + BODY + b"\r\n0\r\n\r\n"
    content = b"y" * 65536 if path == b"/api/large" else body or BODY
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(content)
    return head if method == b"HEAD" else head + content


def _answer_verdict(_start, fields, _body):
    good = GOOD_TOKEN.encode()
    if fields.get(b"authorization") == b"bearer " + good or fields.get(b"cookie") == b"session=" + good:
        return (b"HTTP/1.1 200 OK\r\nCache-Control: private, max-age=300\r\nPostern-User: 1\r\n"
                b"Postern-Claims: eyJzdWIiOiIxIn0\r\nContent-Length: 0\r\n\r\n")
    return b"HTTP/1.1 401 Unauthorized\r\nCache-Control: private, max-age=300\r\nContent-Length: 0\r\n\r\n"


def _tell_revocations(connection):
    """There are none: a sign of life a second."""
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
                       b"17\r\nevent: begin\ndata: {}\n\n\r\n")
    while True:
        time.sleep(1)
        connection.sendall(b"3\r\n:\n\n\r\n")


def _serve(connection, answer):
    reader = Reader(connection)
    try:
        while True:
            message = reader.message()
            if message[0].startswith(b"GET /revocations "):
                _tell_revocations(connection)
            connection.sendall(answer(*message))
    except (EOFError, OSError):
        connection.close()


def _listen(listener, answer):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=_serve, args=(connection, answer), daemon=True).start()


def _run(listeners):
    for listener, answer in listeners:
        threading.Thread(target=_listen, args=(listener, answer), daemon=True).start()
    threading.Event().wait()


def start(folder):
    """Listens on data.sock and auth.sock below the folder; the process, to be ended by its caller."""
    listeners = []
    for name, answer in (("data.sock", _answer_data), ("auth.sock", _answer_verdict)):
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(os.path.join(folder, name))
        listener.listen(64)
        listeners.append((listener, answer))
    process = multiprocessing.get_context("fork").Process(target=_run, args=(listeners,), daemon=True)
    process.start()
    return process
