"""PyJWT as a program: as JWTKitPeer. Debian's package python3-jwt, with python3-cryptography."""
import json
import sys

import jwt

action, text, word = sys.argv[1:]
jwk = json.loads(text)
key = jwt.algorithms.get_default_algorithms()[jwk["alg"]].from_jwk(json.dumps(jwk))
if action == "sign":
    print(jwt.encode(json.loads(word), key, algorithm=jwk["alg"], headers={"kid": jwk["kid"]}))
else:
    assert jwt.get_unverified_header(word)["kid"] == jwk["kid"]
    print(json.dumps(jwt.decode(word, key, algorithms=[jwk["alg"]])))
