import Shared

/// A token as it leaves, and when it ends.
struct IssuedToken: Sendable, Equatable {
    let bytes: [UInt8]
    /// Its `exp`, seconds since 1970.
    let expires: Int64
}

/// Makes the tokens that a login gives: a compact JWS whose header and payload are, byte for byte, what the tutorial's
/// library writes.
struct TokenIssuer: Sendable {
    enum Failure: Error, Equatable {
        /// No key can sign at that time.
        case noKey
        case libcrypto
    }

    private let ring: KeyRing
    private let rules: ClaimRules
    /// The base64url of each key's header.
    private let headers: [[UInt8]]
    /// Seconds from `iat` to `exp`.
    let lifetime: Int64

    init(_ ring: KeyRing, lifetime: Int64, rules: ClaimRules = ClaimRules()) {
        self.ring = ring
        self.rules = rules
        self.lifetime = lifetime
        headers = ring.keys.map(Self.header(of:))
    }

    /// A token for that account, issued at `now` (seconds since 1970). None outlives the key that signs it.
    func token(for account: Account, now: Int64) throws(Failure) -> [UInt8] {
        try issue(to: account, session: nil, now: now).bytes
    }

    /// A token of that session, which it does not outlive either.
    func issue(to account: Account, session: Session?, now: Int64) throws(Failure) -> IssuedToken {
        guard let index = ring.signing(at: now, lifetime: lifetime) else { throw .noKey }
        let key = ring.keys[index]
        let expires = min(now + lifetime, key.times.ends ?? .max, session?.expires ?? .max)
        let payload = JSONWriter.bytes {
            $0.object { claims in
                claims.member("userId", account.id)
                claims.member("location", account.location)
                claims.member("name", account.name)
                claims.member("iat", now)
                claims.member("exp", expires)
                if let session { claims.member("sid", session.id) }
                if let audience = rules.audience { claims.member("aud", audience) }
                if let issuer = rules.issuer { claims.member("iss", issuer) }
            }
        }
        var token = headers[index]
        token.append(UInt8(ascii: "."))
        token += Base64URL.encode(payload)
        guard let signature = key.signature(of: token[...]) else { throw .libcrypto }
        token.append(UInt8(ascii: "."))
        token += Base64URL.encode(signature)
        return IssuedToken(bytes: token, expires: expires)
    }
}
