"""joserfc as a program, in the virtual environment that `run` makes: as JWTKitPeer, and `generate ALGORITHM` prints a new
private JWK."""
import json
import sys

from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey, import_key

CURVES = {"ES256": "P-256", "ES384": "P-384", "ES512": "P-521"}


def generate(algorithm):
    parameters = {"alg": algorithm, "kid": f"joserfc-{algorithm}", "use": "sig"}
    if algorithm.startswith("HS"):
        return OctKey.generate_key(int(algorithm[2:]), parameters)
    if algorithm in CURVES:
        return ECKey.generate_key(CURVES[algorithm], parameters)
    if algorithm == "EdDSA":
        return OKPKey.generate_key("Ed25519", parameters)
    return RSAKey.generate_key(2048, parameters)


def main():
    action, text, *rest = sys.argv[1:]
    if action == "generate":
        print(json.dumps(generate(text).as_dict(private=True)))
        return
    jwk = json.loads(text)
    key = import_key({name: value for name, value in jwk.items() if name not in ("nbf", "exp", "iat")})
    if action == "sign":
        print(jwt.encode({"alg": jwk["alg"], "kid": jwk["kid"]}, json.loads(rest[0]), key, algorithms=[jwk["alg"]]))
    elif action == "verify":
        token = jwt.decode(rest[0], key, algorithms=[jwk["alg"]])
        assert token.header["kid"] == jwk["kid"], token.header
        jwt.JWTClaimsRegistry(exp={"essential": True}).validate(token.claims)
        print(json.dumps(token.claims))


main()
