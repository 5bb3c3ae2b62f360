import Synchronization

/// The keys in use, of which the files may be read again while the service runs. A request takes what is current when
/// it begins.
final class LiveKeys: Sendable {
    /// One reading of the files, and what is made of it once.
    final class Snapshot: Sendable {
        let ring: KeyRing
        let verifier: TokenVerifier
        let issuer: TokenIssuer

        init(_ ring: KeyRing, tokenLifetime: Int64, rules: ClaimRules) {
            self.ring = ring
            verifier = TokenVerifier(ring, rules: rules)
            issuer = TokenIssuer(ring, lifetime: tokenLifetime, rules: rules)
        }
    }

    private let tokenLifetime: Int64
    private let rules: ClaimRules
    private let snapshot: Mutex<Snapshot>

    /// - Parameter tokenLifetime: seconds from `iat` to `exp` of the tokens that are issued.
    init(_ ring: KeyRing, tokenLifetime: Int64, rules: ClaimRules = ClaimRules()) {
        self.tokenLifetime = tokenLifetime
        self.rules = rules
        snapshot = Mutex(Snapshot(ring, tokenLifetime: tokenLifetime, rules: rules))
    }

    var current: Snapshot { snapshot.withLock { $0 } }

    func replace(_ ring: KeyRing) {
        let next = Snapshot(ring, tokenLifetime: tokenLifetime, rules: rules)
        snapshot.withLock { $0 = next }
    }
}
