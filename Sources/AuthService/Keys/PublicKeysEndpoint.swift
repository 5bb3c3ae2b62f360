import Shared

/// `GET /api/auth/jwks.json` and `/.well-known/jwks.json`: the public halves of the keys as a JWK set (RFC 7517
/// section 5). The server adds an `ETag`, so that who asks again mostly gets 304.
struct PublicKeysEndpoint: Sendable {
    static let patterns = ["/api/auth/jwks.json", "/.well-known/jwks.json"]

    let keys: LiveKeys
    /// Seconds for which the set may be kept. A new key signs after that time: nobody meets its tokens without it.
    let maxAge: Int64
    /// Seconds since 1970.
    let now: @Sendable () -> Int64

    var endpoints: [ServiceEndpoint] {
        Self.patterns.map { pattern in ServiceEndpoint(.get, pattern, .immediate { _ in answer() }) }
    }

    func answer() -> ServiceResponse {
        ServiceResponse(
            status: 200,
            fields: [
                ("Content-Type", "application/jwk-set+json"), ("Cache-Control", "public, max-age=\(maxAge)"),
            ],
            body: JSONWebKeyWriter.publicSet(keys.current.ring.keys, now: now()))
    }
}
