import Shared

/// Says whether a token is good (RFC 7515 section 5.2, RFC 7519 section 7.2, RFC 8725): the form, the key, the
/// signature, then the claims. Nothing in the payload is looked at before the signature has been found good.
struct TokenVerifier: Sendable {
    private struct KnownHeader: Sendable {
        let segment: [UInt8]
        let candidates: [TokenKey]
    }

    private let keys: KeyRing
    private let rules: ClaimRules
    /// The headers that this ring's own tokens have, judged once: nearly every token that arrives has one of them.
    private let known: [KnownHeader]

    init(_ keys: KeyRing, rules: ClaimRules = ClaimRules()) {
        self.keys = keys
        self.rules = rules
        known = keys.keys.map { key in
            KnownHeader(
                segment: TokenIssuer.header(of: key),
                candidates: keys.candidates(kid: key.id, algorithm: key.algorithm))
        }
    }

    /// - Parameter now: seconds since 1970.
    /// - Throws: the first reason for which the token is refused.
    func verify(_ token: ArraySlice<UInt8>, now: Int64) throws(TokenError) -> VerifiedToken {
        try verify(try CompactSerialization(token), now: now)
    }

    /// - Parameter known: the members of the payload, where somebody has read them already.
    func verify(
        _ parts: CompactSerialization, claims known: StrictJSONObject? = nil, now: Int64
    ) throws(TokenError) -> VerifiedToken {
        let key = try verifySignature(parts, now: now)
        let claims: StrictJSONObject
        if let known { claims = known } else { claims = try Self.claims(parts.payload) }
        let expiry = try ExpirationTime.check(claims, now: now)
        try NotBefore.check(claims, now: now)
        try IssuedAt.check(claims)
        try IssuerClaim.check(claims, rules)
        try AudienceClaim.check(claims, rules)
        try TokenIdentifier.check(claims)
        return VerifiedToken(
            claims: claims, payload: String(decoding: parts.payload, as: UTF8.self), expiry: expiry, keyID: key.id,
            signingInput: parts.signingInput)
    }

    /// Whether the signature alone is good; says nothing of the token's times. A key that has ended is no key.
    /// - Returns: the key that it was made with.
    @discardableResult
    func verifySignature(_ parts: CompactSerialization, now: Int64) throws(TokenError) -> TokenKey {
        let candidates = try candidates(parts.header)
        guard !candidates.isEmpty else { throw .noKey }
        guard let signature = Base64URL.decode(parts.signature) else { throw .notBase64URL }
        var hasEnded = false
        for key in candidates {
            if key.times.hasEnded(at: now) {
                hasEnded = true
            } else if key.isSignature(signature, of: parts.signingInput) {
                return key
            }
        }
        throw hasEnded ? .keyEnded : .badSignature
    }

    /// The members of a payload, which must be an object (RFC 7519 section 7.2 step 10).
    static func claims(_ segment: ArraySlice<UInt8>) throws(TokenError) -> StrictJSONObject {
        guard let bytes = Base64URL.decode(segment) else { throw .notBase64URL }
        do throws(StrictJSONError) {
            return try StrictJSON.parseObject(bytes, limits: CompactSerialization.limits)
        } catch {
            throw .malformedPayload(error)
        }
    }

    private func candidates(_ segment: ArraySlice<UInt8>) throws(TokenError) -> [TokenKey] {
        for known in known where segment.isSame(as: known.segment[...]) { return known.candidates }
        let header = try ProtectedHeader(segment)
        return keys.candidates(kid: header.keyID, algorithm: header.algorithm)
    }
}
