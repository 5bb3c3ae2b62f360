import Shared

/// All revocations in force, made for one question a verification.
struct RevocationSet: Sendable {
    private var values: [Revocation.Kind: [String: Revocation]] = [:]
    private(set) var count = 0

    init(_ revocations: [Revocation] = []) {
        for revocation in revocations { insert(revocation) }
    }

    mutating func insert(_ revocation: Revocation) {
        if values[revocation.kind, default: [:]].updateValue(revocation, forKey: revocation.value) == nil { count += 1 }
    }

    /// Leaves out those whose tokens have all expired.
    mutating func removeExpired(now: Int64) {
        values = values.mapValues { $0.filter { !$0.value.hasExpired(at: now) } }
        count = values.values.reduce(0) { $0 + $1.count }
    }

    /// Whether a token that is good in every other respect is not.
    func refuses(_ token: VerifiedToken) -> Bool {
        guard count > 0 else { return false }
        if let id = token.keyID, has(.key, id) { return true }
        if let id = token.claims["sid"]?.string, has(.session, id) { return true }
        if let id = token.claims["jti"]?.string, has(.id, id) { return true }
        if let user = token.user, let revocation = values[.user]?[user] {
            // Without a time it was made before, for all that anybody knows.
            guard let made = try? NumericDate.read("iat", in: token.claims), made > Double(revocation.made) else {
                return true
            }
        }
        guard values[.token]?.isEmpty == false else { return false }
        // Where libcrypto fails nobody can say that it is not among them.
        return token.digest.map { has(.token, $0) } ?? true
    }

    private func has(_ kind: Revocation.Kind, _ value: String) -> Bool { values[kind]?[value] != nil }
}

extension Revocation {
    func hasExpired(at now: Int64) -> Bool { expires.map { now >= $0 } ?? false }
}
