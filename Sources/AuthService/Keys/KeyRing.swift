import Shared

/// The keys that this service knows: those that sign, and those that verify.
struct KeyRing: Sendable {
    let keys: [TokenKey]

    /// - Parameter mayBeEmpty: others have keys for the tokens that are judged here.
    /// - Throws: `noKey` without any; `duplicateID` when two keys have one `kid`.
    init(_ keys: [TokenKey], mayBeEmpty: Bool = false) throws(KeyRingError) {
        guard mayBeEmpty || !keys.isEmpty else { throw .noKey }
        for (index, key) in keys.enumerated() {
            guard let id = key.id else { continue }
            if keys[..<index].contains(where: { $0.id?.hasSameCodePoints(as: id) == true }) { throw .duplicateID(id) }
        }
        self.keys = keys
    }

    /// The place in `keys` of the key that signs a token at `now`, seconds since 1970; nil when none can.
    ///
    /// The one whose time to sign came last; of several such one that has no end yet, and then the first. One that ends
    /// before the token would is taken only when there is no other: its last tokens have less time then.
    func signing(at now: Int64, lifetime: Int64) -> Int? {
        let able = keys.indices.filter { index in
            keys[index].canSign && keys[index].times.signsFrom <= now && !keys[index].times.hasEnded(at: now)
        }
        let lasting = able.filter { keys[$0].times.ends.map { now + lifetime <= $0 } ?? true }
        var best: Int?
        for index in lasting.isEmpty ? able : lasting {
            if let found = best, !keys[index].times.signs(after: keys[found].times) { continue }
            best = index
        }
        return best
    }

    /// The keys that a token may be tried on. One that names a `kid` has the key of that name alone; one without has
    /// the keys without. A key whose algorithm is not the token's is never among them (RFC 8725 section 3.1).
    func candidates(kid: String?, algorithm: SignatureAlgorithm) -> [TokenKey] {
        keys.filter { key in
            guard key.algorithm == algorithm else { return false }
            return switch (key.id, kid) {
            case (nil, nil): true
            case (let id?, let kid?): id.hasSameCodePoints(as: kid)
            default: false
            }
        }
    }
}

enum KeyRingError: Error, Equatable {
    case noKey
    case duplicateID(String)
}
