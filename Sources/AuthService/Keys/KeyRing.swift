import Shared

/// The keys that this service knows: the one that signs, and those that verify.
struct KeyRing: Sendable {
    /// Signs new tokens; always one of `keys`.
    let signing: SigningKey
    let keys: [SigningKey]

    /// - Parameter keys: the first one signs.
    /// - Throws: `noKey` without any; `duplicateID` when two keys have one `kid`.
    init(_ keys: [SigningKey]) throws(KeyRingError) {
        guard let signing = keys.first else { throw .noKey }
        for (index, key) in keys.enumerated() {
            guard let id = key.id else { continue }
            if keys[..<index].contains(where: { $0.id?.hasSameCodePoints(as: id) == true }) { throw .duplicateID(id) }
        }
        self.signing = signing
        self.keys = keys
    }

    /// The keys that a token may be tried on. One that names a `kid` has the key of that name alone; one without has
    /// the keys without. A key whose algorithm is not the token's is never among them (RFC 8725 section 3.1).
    func candidates(kid: String?, algorithm: SignatureAlgorithm) -> [SigningKey] {
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
