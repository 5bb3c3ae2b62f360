import FoundationEssentials
import Glibc
import JWTKit

/// `JWTKitPeer sign JWK PAYLOAD` prints a token with the JWK's `kid` and `alg`; `JWTKitPeer verify JWK TOKEN` prints the
/// payload, or nothing and ends with 1 where it refuses the token.
@main
struct JWTKitPeer {
    static func main() async {
        let arguments = CommandLine.arguments
        guard arguments.count == 4 else { return end("usage: JWTKitPeer sign|verify JWK PAYLOAD|TOKEN", 2) }
        do {
            let key = try JSONDecoder().decode(Key.self, from: Data(arguments[2].utf8))
            let keys = try await collection(key, arguments[2])
            switch arguments[1] {
            case "sign":
                let decoder = JSONDecoder()
                decoder.dateDecodingStrategy = .secondsSince1970
                let claims = try decoder.decode(LoginClaims.self, from: Data(arguments[3].utf8))
                print(try await keys.sign(claims, kid: JWKIdentifier(string: key.kid)))
            case "verify":
                let claims = try await keys.verify(arguments[3], as: LoginClaims.self)
                let encoder = JSONEncoder()
                encoder.dateEncodingStrategy = .secondsSince1970
                print(String(decoding: try encoder.encode(claims), as: UTF8.self))
            default: end("no such action: \(arguments[1])", 2)
            }
        } catch {
            end("\(error)", 1)
        }
    }

    /// A shared secret is no JWK for jwt-kit: it is handed over as bytes.
    private static func collection(_ key: Key, _ json: String) async throws -> JWTKeyCollection {
        let keys = JWTKeyCollection()
        guard key.kty == "oct", let text = key.k else { return try await keys.add(jwk: JWK(json: json)) }
        let digests: [String: DigestAlgorithm] = ["HS256": .sha256, "HS384": .sha384, "HS512": .sha512]
        guard let digest = digests[key.alg], let secret = Data(base64URL: text) else {
            throw JWTError.invalidJWK(reason: "no secret of HMAC")
        }
        return await keys.add(hmac: HMACKey(from: secret), digestAlgorithm: digest, kid: JWKIdentifier(string: key.kid))
    }

    private static func end(_ words: String, _ status: Int32) {
        print(words)
        exit(status)
    }
}

/// What of a JWK says which key it is.
private struct Key: Decodable {
    let kty: String
    let kid: String
    let alg: String
    let k: String?
}

/// What the login's tokens say.
private struct LoginClaims: JWTPayload {
    let userId: Int
    let location: String
    let name: String
    let iat: Int
    let exp: ExpirationClaim

    func verify(using algorithm: some JWTAlgorithm) throws { try exp.verifyNotExpired() }
}

extension Data {
    fileprivate init?(base64URL text: String) {
        let plain = text.replacing("-", with: "+").replacing("_", with: "/")
        self.init(base64Encoded: plain + String(repeating: "=", count: (4 - plain.utf8.count % 4) % 4))
    }
}
