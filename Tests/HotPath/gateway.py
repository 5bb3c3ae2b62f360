"""The built gateway with a configuration of its own, on one loop."""
import os
import signal
import socket
import subprocess
import time

FILES = {
    "postern.yaml": "listen: 127.0.0.1:{port}\nthreads: 1\nverify: unix:{folder}/auth.sock\n"
                    "token_cookies: session\n",
    "services/data.yaml": "instances: unix:{folder}/data.sock\n",
    "routes/api/users.yaml": "service: data\nauth: required\nmethods: [GET]\n",
    "routes/api/claims.yaml": "service: data\nauth: required\nclaims: {{sub: '1'}}\n",
    "routes/api/[...path].yaml": "service: data\n",
}


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Gateway:
    def __init__(self, program, folder, environment):
        self.port = _free_port()
        for name, text in FILES.items():
            path = os.path.join(folder, "config", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text.format(port=self.port, folder=folder))
        arguments = [program, "--config", os.path.join(folder, "config")]
        self.log = os.path.join(folder, "log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                arguments, env={**os.environ, **environment}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 30
        while not self._takes_connections():
            if self.process.poll() is not None or time.monotonic() > end:
                raise AssertionError(f"the gateway did not start: {self.words()}")
            time.sleep(0.02)

    def _takes_connections(self):
        try:
            socket.create_connection(("127.0.0.1", self.port), 1).close()
            return True
        except OSError:
            return False

    def words(self):
        with open(self.log, errors="replace") as file:
            return file.read()

    @property
    def pid(self):
        return self.process.pid

    def loops(self):
        """The threads that turn a loop. Others look for instances, once a second."""
        threads = os.listdir(f"/proc/{self.pid}/task")
        found = [int(thread) for thread in threads if self._name(thread).startswith("gateway-")]
        if not found:
            raise AssertionError("the gateway has no thread whose name begins with gateway-")
        return found

    def _name(self, thread):
        try:
            with open(f"/proc/{self.pid}/task/{thread}/comm") as file:
                return file.read().strip()
        except OSError:
            return ""   # it ended

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
            try:
                self.process.wait(10)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
