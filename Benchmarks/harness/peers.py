"""The servers of a comparison: found, built, started, asked whether they answer rightly, stopped."""
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

from .machine import GATEWAY_PROCESSOR, LOAD_PROCESSOR, descendants, pin
from .tokens import SECRET, bad_tokens, token

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
BUILD = os.path.join(os.path.dirname(HERE), ".build", "bench")


def build_natives():
    """The floor, the services behind, and the load."""
    os.makedirs(BUILD, exist_ok=True)
    sources = [os.path.join(HERE, "native", name) for name in os.listdir(os.path.join(HERE, "native"))]
    newest = max(map(os.path.getmtime, sources))
    for name, libraries in (
            ("backend", ["-lcrypto"]), ("floor", ["-lcrypto"]), ("load", ["-lssl", "-lcrypto"]), ("ask", [])):
        program = os.path.join(BUILD, name)
        if not os.path.exists(program) or os.path.getmtime(program) < newest:
            source = os.path.join(HERE, "native", f"{name}.c")
            subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-Werror", "-o", program, source, *libraries], check=True)


def missing_program(name):
    """The program that the peer needs and this machine has not, or None."""
    with open(os.path.join(HERE, "peers", name)) as file:
        found = re.search(r"^# program: (\S+)$", file.read(), re.M)
    if not found or found.group(1).startswith("postern") or shutil.which(found.group(1)):
        return None
    return found.group(1)


class Server:
    """A program that runs on one processor until it is stopped."""

    def __init__(self, arguments, processor, environment=None, errors=None):
        self.errors = errors
        with open(errors, "wb") if errors else open(os.devnull, "wb") as log:
            self.process = subprocess.Popen(
                arguments, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=log,
                start_new_session=True, preexec_fn=pin(processor))

    def pids(self):
        return descendants(self.process.pid)

    def stop(self):
        pids = self.pids()
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(3)
        for pid in pids:
            with contextlib.suppress(OSError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()

    def waits_for(self, condition, seconds=30):
        end = time.monotonic() + seconds
        while time.monotonic() < end and self.process.poll() is None:
            if condition():
                return True
            time.sleep(0.02)
        return False

    def last_words(self):
        if not self.errors:
            return ""
        with open(self.errors, errors="replace") as file:
            return file.read()[-300:].strip()


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def takes_connections(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


class Stage:
    """A scratch folder, the services behind, and the peers in front of them; all is gone when it closes."""

    def __init__(self, gateway):
        self.gateway = gateway
        self.folder = tempfile.mkdtemp(prefix="postern-bench.")
        os.chmod(self.folder, 0o755)
        self.servers, self.peers, self.ports, self.secure_ports = [], {}, {}, {}
        self.data_socket, self.auth_socket = self.path("data.sock"), self.path("auth.sock")

    def __enter__(self):
        self.make_certificate()
        self.start_backend(self.data_socket, self.data_socket)
        self.start_backend(self.auth_socket, "-a", SECRET, self.auth_socket)
        return self

    def __exit__(self, *_):
        for server in reversed(self.servers):
            server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def start(self, arguments, processor, environment=None, errors=None):
        self.servers.append(Server(arguments, processor, environment, errors))
        return self.servers[-1]

    def make_certificate(self):
        """A certificate, its key, and both in one file: P-256."""
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
             "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.path("tls.key"),
             "-out", self.path("tls.pem")], check=True, capture_output=True)
        with open(self.path("tls.both"), "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as both:
            for part in ("tls.pem", "tls.key"):
                with open(self.path(part)) as file:
                    both.write(file.read())

    def port(self, name, workload):
        return self.secure_ports[name] if workload.is_secured else self.ports[name]

    def start_backend(self, ready, *arguments):
        server = self.start([os.path.join(BUILD, "backend"), *arguments], LOAD_PROCESSOR)
        if not server.waits_for(lambda: os.path.exists(ready), 5):
            raise SystemExit("bench: the services behind did not start")

    def start_peer(self, name, scratch=None, arguments=None):
        """Starts peers/NAME, or what is given; says why where it does not come up."""
        scratch = scratch or self.path(name)
        os.makedirs(scratch, exist_ok=True)
        port, secure_port = free_port(), free_port()
        environment = dict(
            os.environ, PORT=str(port), DATA_SOCK=self.data_socket, AUTH_SOCK=self.auth_socket, SECRET=SECRET,
            SCRATCH=scratch, BUILD=BUILD, POSTERN_GATEWAY=self.gateway, TLS_PORT=str(secure_port),
            TLS_CERT=self.path("tls.pem"), TLS_KEY=self.path("tls.key"), TLS_PEM=self.path("tls.both"))
        arguments = arguments(port) if arguments else [os.path.join(HERE, "peers", name)]
        server = self.start(arguments, GATEWAY_PROCESSOR, environment, os.path.join(scratch, "stderr"))
        if not server.waits_for(lambda: takes_connections(port)):
            return f"did not start: {server.last_words()}"
        self.peers[name], self.ports[name], self.secure_ports[name] = server, port, secure_port
        return None

    def pids(self):
        """Every process of the comparison."""
        return [pid for server in self.servers for pid in server.pids()]


def ask(port, path, credentials=None, is_secured=False):
    if is_secured:
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("localhost", port, timeout=5, context=trusting)
    else:
        connection = http.client.HTTPConnection("localhost", port, timeout=5)
    try:
        connection.request("GET", path, headers={"Authorization": f"Bearer {credentials}"} if credentials else {})
        answer = connection.getresponse()
        return answer.status, len(answer.read())
    finally:
        connection.close()


def fault(port, workload):
    """Why the peer does not do this work rightly, or None."""
    try:
        if workload.is_guarded:
            for bad in bad_tokens():
                if (status := ask(port, workload.path, bad)[0]) != 401:
                    return f"answers {status} to a bad token"
        credentials = token() if workload.is_guarded else None
        for _ in range(3):
            if (answer := ask(port, workload.path, credentials, workload.is_secured)) != (200, workload.size):
                return f"answers {answer[0]} with {answer[1]} bytes"
        return None
    except (OSError, http.client.HTTPException) as error:
        return f"{type(error).__name__}: {error}"
