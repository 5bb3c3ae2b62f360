import Shared

/// What is no longer good before its time.
struct Revocation: Sendable, Equatable {
    enum Kind: String, Sendable, CaseIterable {
        /// One token without a name: the SHA-256 of its signing input, in base64url. Not of the whole token: an ECDSA
        /// signature has a twin that verifies as well.
        case token
        /// One token, by its `jti`.
        case id
        /// A session, by the `sid` of its tokens.
        case session
        /// Those tokens of somebody, by what `Postern-User` says, that were made up to the revocation.
        case user
        /// Whatever a key signed, by its `kid`.
        case key
    }

    let kind: Kind
    let value: String
    /// Seconds since 1970.
    let made: Int64
    /// Seconds since 1970 from which all that it is about has expired; nil where nobody knows.
    let expires: Int64?
    /// Whose tokens these are, where that is known: the others' verdicts stay.
    let user: String?

    init(_ kind: Kind, _ value: String, made: Int64, expires: Int64? = nil, user: String? = nil) {
        self.kind = kind
        self.value = value
        self.made = made
        self.expires = expires
        self.user = kind == .user ? value : user
    }

    /// The revocation of one token that is good.
    init?(of token: VerifiedToken, now: Int64) {
        let expires = token.expiry.map { Int64($0.rounded(.up)) }
        if let id = token.claims["jti"]?.string {
            self.init(.id, id, made: now, expires: expires, user: token.user)
        } else {
            guard let digest = token.digest else { return nil }
            self.init(.token, digest, made: now, expires: expires, user: token.user)
        }
    }
}
