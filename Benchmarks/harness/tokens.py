"""Bearer tokens signed with HS256, good ones and bad ones."""
import base64
import hashlib
import hmac
import json
import time

SECRET = "benchmark-secret"


def _part(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(expires=None, secret=SECRET, subject="1"):
    claims = {"sub": subject, "name": "alice", "role": "admin", "iat": 1700000000,
              "exp": expires or int(time.time()) + 86400}
    parts = [_part(json.dumps(one, separators=(",", ":")).encode()) for one in ({"alg": "HS256", "typ": "JWT"}, claims)]
    signature = hmac.new(secret.encode(), ".".join(parts).encode(), hashlib.sha256).digest()
    return ".".join([*parts, _part(signature)])


def bad_tokens():
    """None at all, one signed by somebody else, one out of date."""
    return [None, token(secret="another-secret"), token(expires=1600000000)]
