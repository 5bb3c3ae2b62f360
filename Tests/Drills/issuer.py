"""An issuer of tokens for the drills: it signs, and publishes its keys by HTTP; it can be down, or slow."""
import http.server
import json
import threading
import time
import uuid

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

NAME, PORT = "https://issuer.example", 9480
AUTH_YAML = f"""
issuers:
- issuer: {NAME}
  jwks: {{url: "http://127.0.0.1:{PORT}/keys.json", allow_private: true}}
  stale: %(stale)s
  cool_down: 1s
"""


class Issuer:
    def __init__(self):
        self.keys, self.published = {}, []
        self.delay, self.fetches, self.server = 0.0, 0, None
        self.sign_with(self.new_key())
        self.start()

    def new_key(self, is_published=True):
        kid = f"key-{len(self.keys) + 1}"
        self.keys[kid] = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        if is_published:
            self.published = [*self.published, kid]
        return kid

    def sign_with(self, kid):
        self.current = kid

    def withdraw(self, kid):
        self.published = [one for one in self.published if one != kid]

    def token(self, kid=None, named=None):
        """A token that nobody has seen; of another key, or with the name of one that did not sign it."""
        now, kid = int(time.time()), kid or self.current
        claims = {"iss": NAME, "sub": "user_1", "iat": now, "exp": now + 600, "jti": uuid.uuid4().hex}
        return jwt.encode(claims, self.keys[kid], algorithm="RS256", headers={"kid": named or kid})

    def document(self):
        keys = []
        for kid in self.published:
            key = json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self.keys[kid].public_key()))
            keys.append({**key, "kid": kid, "alg": "RS256", "use": "sig"})
        return json.dumps({"keys": keys}).encode()

    def start(self):
        issuer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                issuer.fetches += 1
                time.sleep(issuer.delay)
                body = issuer.document()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", PORT), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self):
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None
