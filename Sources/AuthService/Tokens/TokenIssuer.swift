import Shared

/// Makes the tokens that a login gives: a compact JWS whose header and payload are, byte for byte, what the tutorial's
/// library writes.
struct TokenIssuer: Sendable {
    private let key: SigningKey
    private let header: [UInt8]
    /// Seconds from `iat` to `exp`.
    let lifetime: Int64

    init(key: SigningKey, lifetime: Int64) {
        self.key = key
        self.lifetime = lifetime
        header = Self.header(of: key)
    }

    /// A token for that account, issued at `now` (seconds since 1970); nil when libcrypto fails.
    func token(for account: Account, now: Int64) -> [UInt8]? {
        let payload = JSONWriter.bytes {
            $0.object { claims in
                claims.member("userId", account.id)
                claims.member("location", account.location)
                claims.member("name", account.name)
                claims.member("iat", now)
                claims.member("exp", now + lifetime)
            }
        }
        var token = header
        token.append(UInt8(ascii: "."))
        token += Base64URL.encode(payload)
        guard let signature = key.signature(of: token[...]) else { return nil }
        token.append(UInt8(ascii: "."))
        token += Base64URL.encode(signature)
        return token
    }

    /// The base64url of the header of a key's tokens: `{"alg":…,"typ":"JWT"}`, with `kid` last where the key has one.
    static func header(of key: SigningKey) -> [UInt8] {
        Base64URL.encode(
            JSONWriter.bytes {
                $0.object { header in
                    header.member("alg", key.algorithm.rawValue)
                    header.member("typ", "JWT")
                    if let id = key.id { header.member("kid", id) }
                }
            })
    }
}
