import FoundationEssentials
import Shared
import Testing

/// PyJWT with the cryptography package, as a program that signs with a JWK and verifies with a JWK set.
enum KeyPeer {
    private static let script = """
        import json, sys, jwt
        action, keys, text = sys.argv[1:]
        made = lambda jwk: jwt.algorithms.get_default_algorithms()[jwk["alg"]].from_jwk(json.dumps(jwk))
        if action == "sign":
            jwk = json.loads(keys)
            print(jwt.encode(json.loads(text), made(jwk), algorithm=jwk["alg"], headers={"kid": jwk["kid"]}))
        elif action == "verify":
            kid = jwt.get_unverified_header(text)["kid"]
            jwk = next(key for key in json.loads(keys)["keys"] if key["kid"] == kid)
            print(json.dumps(jwt.decode(text, made(jwk), algorithms=[jwk["alg"]]), separators=(",", ":")))
        """

    /// Whether this machine has it.
    static let isInstalled: Bool = {
        let run = try? RunningProgram("/usr/bin/python3", ["-c", "import jwt, cryptography"])
        return (try? run?.end()) == .exited(0)
    }()

    /// A token over `payload` with the private JWK `key`.
    static func sign(_ payload: String, key: String) throws -> String {
        try #require(try run("sign", key, payload))
    }

    /// The payload of a token, verified with the published `set`; nil where it is refused.
    static func verify(_ token: String, set: String) throws -> String? { try run("verify", set, token) }

    private static func run(_ action: String, _ keys: String, _ text: String) throws -> String? {
        let running = try RunningProgram("/usr/bin/python3", ["-c", script, action, keys, text])
        return try running.end() == .exited(0) ? running.lines.last : nil
    }
}
