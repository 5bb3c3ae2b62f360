/// What this service calls itself in tokens: `token.issuer` and `token.audience` in `auth.yaml`.
struct ClaimRules: Sendable, Equatable {
    /// The `iss` of the tokens that are issued, and the only one that is taken; nil for none.
    var issuer: String?
    /// The `aud` of the tokens that are issued, and the one that every token must have; nil for none.
    var audience: String?
}
