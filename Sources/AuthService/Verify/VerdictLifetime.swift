/// How long a verdict may be kept by who asked: `verdict` in `auth.yaml`.
struct VerdictLifetime: Sendable, Equatable {
    /// Seconds for a good token, at most.
    let good: Int64
    /// Seconds for a bad one, at most: keys may change.
    let refused: Int64

    /// Whole seconds, never past the token's expiry.
    func seconds(for token: VerifiedToken, now: Int64) -> Int64 {
        let good = min(good, token.keysHoldFor ?? good)
        guard let expiry = token.expiry else { return good }
        return max(0, min(good, Int64((expiry - Double(now)).rounded(.down))))
    }

    /// Whole seconds; a token that will be good is asked about again by then.
    func seconds(for refusal: TokenError, now: Int64) -> Int64 {
        guard case .notYetValid(let start) = refusal else { return refused }
        return max(0, min(refused, Int64((start - Double(now)).rounded(.down))))
    }
}
