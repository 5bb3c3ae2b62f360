"""The built postern-auth with keys of its own, asked over its two sockets."""
import http.client
import json
import os
import socket
import subprocess
import time

CONFIGURATION = """\
listen: {{login: unix:{folder}/login.sock, verify: unix:{folder}/verify.sock}}
store: sqlite:{folder}/auth.db
seed: tutorial
keys: {folder}/keys
"""


class _Connection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost", timeout=30)
        self.path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(30)
        self.sock.connect(self.path)


class Auth:
    """Begun with one key: a new one of `algorithm`, or the private JWK `jwk`."""

    def __init__(self, program, folder, algorithm, jwk=None):
        self.folder = folder
        keys = os.path.join(folder, "keys")
        os.makedirs(keys, mode=0o700)
        with open(os.path.join(folder, "auth.yaml"), "w") as file:
            file.write(CONFIGURATION.format(folder=folder))
        if jwk is None:
            subprocess.run(
                [program, "key", "generate", "--algorithm", algorithm, "--config", folder], check=True,
                stdout=subprocess.DEVNULL)
        else:
            with open(os.open(os.path.join(keys, "peer.json"), os.O_CREAT | os.O_WRONLY, 0o600), "w") as file:
                json.dump(jwk, file)
        (name,) = os.listdir(keys)
        with open(os.path.join(keys, name)) as file:
            self.jwk = json.load(file)
        self.log = os.path.join(folder, "log")
        with open(self.log, "w") as log:
            self.process = subprocess.Popen(
                [program, "--config", folder], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        end = time.monotonic() + 30
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > end:
                with open(self.log) as log:
                    raise AssertionError(f"postern-auth did not start: {log.read()}")
            time.sleep(0.01)

    def _answers(self):
        try:
            return self._ask("verify", "GET", "/healthz")[0] == 200
        except OSError:
            return False

    def _ask(self, listener, method, path, body=None, fields=None):
        connection = _Connection(os.path.join(self.folder, f"{listener}.sock"))
        connection.request(method, path, body, fields or {})
        response = connection.getresponse()
        answer = response.status, response.headers, response.read()
        connection.close()
        return answer

    def login(self):
        status, _, body = self._ask("login", "POST", "/api/auth", '{"username":"bob","password":"password"}')
        assert status == 200, (status, body)
        return json.loads(body)["token"]

    def verdict(self, token):
        status, fields, _ = self._ask("verify", "GET", "/verify", fields={"Authorization": f"Bearer {token}"})
        return status, fields

    def published(self):
        """The key as its public half is published; a shared secret, which never is, as its file has it."""
        keys = json.loads(self._ask("login", "GET", "/api/auth/jwks.json")[2])["keys"]
        if self.jwk["kty"] == "oct":
            assert keys == [], keys
            return self.jwk
        (key,) = keys
        assert not set(key) & {"d", "p", "q", "dp", "dq", "qi", "k"}, key
        return key

    def stop(self):
        self.process.terminate()
        assert self.process.wait(30) == 0
