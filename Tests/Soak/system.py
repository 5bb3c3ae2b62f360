"""Gateway, auth and two instances of data, as built, with a service of the soak's own beside them; and a look at what
they hold."""
import os
import re
import signal
import socket
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
sys.path.append(os.path.join(os.path.dirname(HERE), "HotPath"))
import allocations  # noqa: E402

ROUTES = {
    "api/auth": "service: auth\nmethods: [POST]",
    "api/users/index": "service: data\nmethods: [GET]\nauth: required",
    "api/users/[id]": "service: data\nmethods: [GET]",
    "api/posts": "service: data\nmethods: [GET]",
    "soak/[...path]": "service: soak\nbody_limit: 2MiB",
    "dying/[...path]": "service: dying",
}
FILES = {
    "postern.yaml": "listen: 127.0.0.1:{port}\nverify: unix:verify.sock\nthreads: 1\n",
    "auth.yaml": "listen: {{login: unix:login.sock, verify: unix:verify.sock}}\nstore: sqlite:auth.db\nseed: tutorial\npolicy: {{short_hmac_keys: accept}}\n"
                 "login: {{errors: uniform, limits: off}}\n",
    "data.yaml": "listen: unix:data/{{instance}}.sock\nstore: sqlite:data.db\nseed: tutorial\n",
    "services/auth.yaml": "instances: unix:login.sock\n",
    "services/data.yaml": "instances: unix:data/*.sock\n",
    "services/soak.yaml": "instances: unix:soak.sock\n",
    "services/dying.yaml": "instances: unix:dying.sock\n",
} | {f"routes/{name}.yaml": f"{text}\n" for name, text in ROUTES.items()}


def _takes_connections(family, address):
    with socket.socket(family) as probe:
        try:
            probe.connect(address)
            return True
        except OSError:
            return False


class System:
    def __init__(self, programs, folder):
        self.programs, self.folder, self.processes = programs, folder, {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        for name, text in FILES.items():
            path = os.path.join(folder, "config", name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as file:
                file.write(text.format(port=self.port))
        os.makedirs(os.path.join(folder, "data"))
        library = allocations.build(folder)
        self.heaps = {}
        for name in ("gateway", "auth"):
            os.makedirs(os.path.join(folder, name))
            self.heaps[name] = allocations.Counts(os.path.join(folder, name), library)

    def start(self):
        for name in ("auth", "data@1", "data@2", "soak", "dying"):
            self.start_part(name)
        for path in ("verify.sock", "data/1.sock", "data/2.sock", "soak.sock", "dying.sock"):
            self.wait_for_socket(path)
        self.start_part("gateway")
        self._wait(lambda: _takes_connections(socket.AF_INET, ("127.0.0.1", self.port)), "the gateway")

    def start_part(self, name):
        kind, _, instance = name.partition("@")
        if kind in ("soak", "dying"):
            arguments = [sys.executable, os.path.join(HERE, "upstream.py"), os.path.join(self.folder, f"{kind}.sock")]
        else:
            arguments = [os.path.join(self.programs, f"postern-{kind}"), "--config", os.path.join(self.folder, "config"),
                         "--run", self.folder, "--state", self.folder]
            arguments += ["--instance", instance] if instance else []
        environment = os.environ | (self.heaps[kind].environment if kind in self.heaps else {})
        with open(os.path.join(self.folder, f"{name}.log"), "ab") as log:
            self.processes[name] = subprocess.Popen(
                arguments, env=environment | {"JWT_SECRET_KEY": "soak"}, stdin=subprocess.DEVNULL, stdout=log, stderr=log)

    def stop_part(self, name, number=signal.SIGTERM):
        """Its exit status, once it has ended."""
        process = self.processes.pop(name)
        process.send_signal(number)
        try:
            return process.wait(60)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            return "it did not end"

    def stop(self):
        for name in reversed(list(self.processes)):
            self.stop_part(name, signal.SIGKILL)

    def wait_for_socket(self, path):
        self._wait(lambda: _takes_connections(socket.AF_UNIX, os.path.join(self.folder, path)), path)

    def _wait(self, condition, what):
        end = time.monotonic() + 60
        while not condition():
            if time.monotonic() > end or any(process.poll() is not None for process in self.processes.values()):
                raise SystemExit(f"soak: {what} did not come up:\n{self.last_words()}")
            time.sleep(0.02)

    def dead(self):
        """The parts that ended by themselves."""
        return [name for name, process in self.processes.items() if process.poll() is not None]

    def last_words(self):
        words = []
        for name in ("gateway", "auth", "data@1", "data@2"):
            path = os.path.join(self.folder, f"{name}.log")
            if os.path.exists(path):
                with open(path, errors="replace") as file:
                    words.append(f"{name}: {file.read()[-1500:]}")
        return "\n".join(words)

    def descriptors(self, name):
        return len(os.listdir(f"/proc/{self.processes[name].pid}/fd"))

    def resident(self, name):
        with open(f"/proc/{self.processes[name].pid}/smaps_rollup") as file:
            return int(re.search(r"^Rss:\s+(\d+)", file.read(), re.M).group(1)) * 1024
