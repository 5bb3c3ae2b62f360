import Shared

/// Whose token it is, and by whose keys it is judged: with an `iss` of an issuer by that issuer's alone, without one or
/// with our own by ours, with any other by nobody's.
struct TokenJudge: Sendable {
    enum Verdict: Sendable {
        case good(VerifiedToken)
        case refused(TokenError)
        /// The issuer's keys are not to be had, or may not be all: neither yes nor no. Asked again after so many
        /// nanoseconds; `soon` has the keys to wait for, where a fetch is under way.
        case unknown(retryAfter: UInt64, soon: IssuerKeys?)
    }

    let own: TokenVerifier
    /// Our own `iss`; nil for none.
    var ownName: String?
    let issuers: Issuers
    /// Cookies that hold tokens of our own.
    var ownCookies: [CookieName] = []

    /// Of the signature alone.
    enum SignatureVerdict: Sendable {
        case good
        case refused(TokenError)
        case unknown
    }

    /// - Parameters:
    ///   - place: where it was found; nil where that is not asked.
    ///   - now: seconds since 1970.
    func judge(_ token: ArraySlice<UInt8>, from place: TokenPlace?, now: Int64) -> Verdict {
        do throws(TokenError) {
            let parts = try CompactSerialization(token)
            guard !issuers.isEmpty else { return .good(try judgeOwn(parts, nil, place, now)) }
            // Before the signature is checked it says only by whose keys that is to be done.
            let claims = try TokenVerifier.claims(parts.payload)
            guard let issuer = try issuer(of: claims) else {
                return .good(try judgeOwn(parts, claims, place, now))
            }
            return try judge(parts, claims, of: issuer, place, now)
        } catch {
            return .refused(error)
        }
    }

    /// Who says that it made the token; nil for ourselves.
    /// - Throws: `unknownIssuer` for somebody else.
    func issuer(of claims: StrictJSONObject) throws(TokenError) -> Issuers.Issuer? {
        guard let member = claims["iss"] else { return nil }
        guard let name = member.string else { throw .noText(name: "iss") }
        if let ownName, ownName.hasSameCodePoints(as: name) { return nil }
        guard let issuer = issuers.issuer(named: name) else { throw .unknownIssuer }
        return issuer
    }

    private func judgeOwn(
        _ parts: CompactSerialization, _ claims: StrictJSONObject?, _ place: TokenPlace?, _ now: Int64
    ) throws(TokenError) -> VerifiedToken {
        if case .cookie(let name)? = place, !ownCookies.contains(where: { $0.matches(name) }) { throw .wrongPlace }
        return try own.verify(parts, claims: claims, now: now)
    }

    private func judge(
        _ parts: CompactSerialization, _ claims: StrictJSONObject, of issuer: Issuers.Issuer, _ place: TokenPlace?,
        _ now: Int64
    ) throws(TokenError) -> Verdict {
        if let place, !issuer.places.contains(place) { throw .wrongPlace }
        // First what needs no key: a token that cannot be good has none fetched.
        let expiry = try issuer.rules.check(claims, now: now)
        let user = try issuer.rules.user(of: claims)
        switch try signature(parts, claims, of: issuer, now) {
        case .good(let key, let left):
            var token = VerifiedToken(
                claims: claims,
                payload: issuer.rules.told(of: claims) ?? String(decoding: parts.payload, as: UTF8.self),
                expiry: expiry, keyID: key.id, signingInput: parts.signingInput)
            token.issuersUser = user
            token.keysHoldFor = Int64(clamping: left / IssuerKeyStateMachine.second)
            return .good(token)
        case .unknown(let retryAfter, let isSoon):
            return .unknown(retryAfter: retryAfter, soon: isSoon ? issuer.keys : nil)
        }
    }

    private enum Signature {
        case good(TokenKey, left: UInt64)
        case unknown(retryAfter: UInt64, isSoon: Bool)
    }

    private func signature(
        _ parts: CompactSerialization, _ claims: StrictJSONObject, of issuer: Issuers.Issuer, _ now: Int64
    ) throws(TokenError) -> Signature {
        let header = try ProtectedHeader(parts.header)
        guard issuer.rules.algorithms.contains(header.algorithm) else { throw .otherAlgorithm }
        guard let signature = Base64URL.decode(parts.signature) else { throw .notBase64URL }
        let issuedAt = try NumericDate.read("iat", in: claims)
        var found = issuer.keys.look(for: header.keyID, header.algorithm, issuedAt: issuedAt)
        if case .keys(let keys, let left) = found {
            let alive = keys.filter { !$0.times.hasEnded(at: now) }
            if let key = alive.first(where: { $0.isSignature(signature, of: parts.signingInput) }) {
                return .good(key, left: left)
            }
            guard !alive.isEmpty else { throw .keyEnded }
            guard header.keyID == nil else { throw .badSignature }
            // Of keys without names nobody can say whether there is a new one.
            found = issuer.keys.missing(issuedAt: issuedAt)
        }
        switch found {
        case .keys, .absent: throw header.keyID == nil ? .badSignature : .noKey
        case .unknown(let retryAfter, let isSoon): return .unknown(retryAfter: retryAfter, isSoon: isSoon)
        }
    }

    /// Whether the signature is good, whatever the token says.
    func judgeSignature(_ parts: CompactSerialization, now: Int64) -> SignatureVerdict {
        do throws(TokenError) {
            if !issuers.isEmpty {
                let claims = try TokenVerifier.claims(parts.payload)
                if let issuer = try issuer(of: claims) {
                    if case .good = try signature(parts, claims, of: issuer, now) { return .good }
                    return .unknown
                }
            }
            try own.verifySignature(parts, now: now)
            return .good
        } catch {
            return .refused(error)
        }
    }
}
