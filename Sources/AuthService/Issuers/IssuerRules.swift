import Shared

/// What a token of an issuer must say to be taken, and what is told of it: RFC 7519, RFC 8725, and for `azp` what Clerk
/// and OpenID Connect Core section 2 have.
struct IssuerRules: Sendable, Equatable {
    /// A claim that becomes a member of what services are told.
    struct Told: Sendable, Equatable {
        let name: String
        let claim: ClaimPath
    }

    /// A claim with a value for which tokens are refused.
    struct Refused: Sendable, Equatable {
        let name: String
        let values: [String]
    }

    /// The exact `iss`.
    let name: String
    /// A token must name one of them as its `aud`; none for an issuer whose tokens have no `aud`.
    var audiences: [String] = []
    /// A token with an `azp` must have one of them; nil for any. As Clerk has it, a token without `azp` is taken.
    var authorizedParties: [String]?
    var algorithms: [SignatureAlgorithm] = [.rs256]
    /// Seconds by which the issuer's clock may be ahead of ours or behind it.
    var clockSkew: Int64 = 5
    /// The claim that is `Postern-User`, and what stands before it there.
    var user = ClaimPath("sub")
    var userPrefix = ""
    /// What `Postern-Claims` holds; nil for the payload as it is.
    var told: [Told]?
    var refused: [Refused] = []

    /// What is looked at before the keys are: a token that cannot be good needs none.
    /// - Returns: the time from which the token is no longer taken, in seconds since 1970.
    func check(_ claims: StrictJSONObject, now: Int64) throws(TokenError) -> Double {
        let leeway = Double(clockSkew)
        guard let expiry = try ExpirationTime.check(claims, now: now, leeway: leeway) else { throw .noExpiry }
        try NotBefore.check(claims, now: now, leeway: leeway)
        try IssuedAt.check(claims, noLaterThan: Double(now) + leeway)
        try AudienceClaim.check(claims, anyOf: audiences)
        if let authorizedParties { try AuthorizedParty.check(claims, authorizedParties) }
        for claim in refused { try claim.check(claims) }
        try TokenIdentifier.check(claims)
        return expiry
    }

    /// Who the token is about, as `Postern-User` tells it.
    func user(of claims: StrictJSONObject) throws(TokenError) -> String {
        guard let name = VerifiedToken.name(user.value(in: claims)) else { throw .noUser }
        let user = userPrefix + name
        guard VerifiedToken.isFieldValue(user) else { throw .noUser }
        return user
    }

    /// The base64url of what services are told; nil for the payload as it stood in the token.
    func told(of claims: StrictJSONObject) -> String? {
        guard let told else { return nil }
        let text = JSONWriter.bytes { writer in
            writer.object { object in
                for item in told {
                    guard let value = item.claim.value(in: claims) else { continue }
                    object.key(item.name)
                    object.value(value)
                }
            }
        }
        return String(decoding: Base64URL.encode(text), as: UTF8.self)
    }
}

extension IssuerRules.Refused {
    fileprivate func check(_ claims: StrictJSONObject) throws(TokenError) {
        guard let member = claims[name] else { return }
        let found = (member.array ?? [member]).map(Self.text)
        if values.contains(where: { value in found.contains { $0?.hasSameCodePoints(as: value) == true } }) {
            throw .refusedClaim(name: name)
        }
    }

    private static func text(_ value: StrictJSONValue) -> String? {
        switch value {
        case .string(let text): text
        case .bool(let bool): bool ? "true" : "false"
        case .integer(let number): String(number)
        default: nil
        }
    }
}
