import Shared

/// The public keys of one issuer, of one reading of its set.
struct IssuerKeySet: Sendable {
    /// A key of the set that is not used, and why.
    struct Refusal: Sendable, Equatable {
        /// Its place in the set, from 1 on.
        let number: Int
        let reason: Reason

        enum Reason: Sendable, Equatable {
            case key(KeyFileError)
            /// A shared secret, or a private half: whoever has read the set can sign with it.
            case secret
            case duplicate(String)
            case tooMany

            /// Whether it is a key for something else than signatures, as many sets have them.
            var isForeign: Bool {
                switch self {
                case .key(.notForSignatures), .key(.unknownType), .key(.otherAlgorithm): true
                default: false
                }
            }
        }
    }

    /// Keys of a set that are looked at.
    static let limit = 100
    /// Bytes of a set.
    static let longest = 256 << 10

    private(set) var keys: [TokenKey] = []
    private(set) var refusals: [Refusal] = []

    init() {}

    /// Reads a JWK set (RFC 7517 section 5), or a JWK. A key that is bad by itself is left out, as the RFC asks for.
    /// - Parameter algorithms: those that the issuer signs with. A key's own `alg` chooses one of them; without it the
    ///   key is for all that its type can do.
    /// - Throws: what is wrong with the set as a whole.
    init(_ text: [UInt8], algorithms: [SignatureAlgorithm]) throws(KeyFileError) {
        let object: StrictJSONObject
        do throws(StrictJSONError) {
            object = try StrictJSON.parseObject(text, limits: StrictJSONLimits(length: Self.longest))
        } catch {
            throw .malformed(error)
        }
        let members: [StrictJSONValue]
        if let set = object["keys"] {
            guard let list = set.array else { throw .emptySet }
            members = list
        } else {
            guard object["kty"] != nil else { throw .emptySet }
            members = [.object(object)]
        }
        for (index, member) in members.enumerated() {
            do throws(RefusalOfKey) {
                guard index < Self.limit else { throw RefusalOfKey(.tooMany) }
                try add(member, algorithms)
            } catch {
                refusals.append(Refusal(number: index + 1, reason: error.reason))
                if error.reason == .tooMany { break }
            }
        }
    }

    /// Reads a file of public keys: a JWK set, a JWK, or PEM (which has no `kid`).
    init(file text: [UInt8], algorithms: [SignatureAlgorithm]) throws(KeyFileError) {
        guard PEMText.isPEM(text) else {
            try self.init(text, algorithms: algorithms)
            return
        }
        self.init()
        for (index, key) in try PEMText.keys(in: text).enumerated() {
            let fitting = algorithms.filter { $0.kind == key.algorithm.kind }
            guard let material = key.publicKey, !material.isPrivate else {
                refusals.append(Refusal(number: index + 1, reason: .secret))
                continue
            }
            if fitting.isEmpty {
                refusals.append(Refusal(number: index + 1, reason: .key(.otherAlgorithm(key.algorithm.rawValue))))
            }
            keys += fitting.compactMap { TokenKey(material, algorithm: $0, maySign: false) }
        }
    }

    private struct RefusalOfKey: Error {
        let reason: Refusal.Reason
        init(_ reason: Refusal.Reason) { self.reason = reason }
    }

    private mutating func add(_ member: StrictJSONValue, _ algorithms: [SignatureAlgorithm]) throws(RefusalOfKey) {
        guard let object = member.object else { throw RefusalOfKey(.key(.emptySet)) }
        // Never handed to libcrypto: a secret that everybody has is none.
        guard object["kty"]?.string != "oct", object["d"] == nil else { throw RefusalOfKey(.secret) }
        let new: [TokenKey]
        do throws(KeyFileError) {
            new = try JSONWebKey.publicKeys(object, for: algorithms)
        } catch {
            throw RefusalOfKey(.key(error))
        }
        for key in new {
            let same = keys.first { $0.algorithm == key.algorithm && $0.isNamed(key.id) }
            guard let id = key.id, let same else { continue }
            // The same key twice is one key; which of two is meant nobody can say.
            guard same.mark != key.mark else { return }
            throw RefusalOfKey(.duplicate(id))
        }
        keys += new
    }

    /// The keys that a token may be tried on, by its `kid` and its algorithm; see `KeyRing.candidates`.
    func candidates(kid: String?, algorithm: SignatureAlgorithm) -> [TokenKey] {
        keys.filter { $0.algorithm == algorithm && $0.isNamed(kid) }
    }

    /// Whether a key of the other set is not in this one.
    func lacksKey(of other: IssuerKeySet) -> Bool {
        let marks = Set(keys.map(\.mark))
        return other.keys.contains { !marks.contains($0.mark) }
    }
}

extension TokenKey {
    fileprivate func isNamed(_ kid: String?) -> Bool {
        switch (id, kid) {
        case (nil, nil): true
        case (let id?, let kid?): id.hasSameCodePoints(as: kid)
        default: false
        }
    }

    /// What tells it from every other: name, algorithm and numbers.
    fileprivate var mark: [String] {
        [id ?? "", algorithm.rawValue, publicKey.flatMap(JSONWebKeyWriter.thumbprint) ?? ""]
    }
}

extension IssuerKeySet.Refusal: CustomStringConvertible {
    var description: String {
        let what =
            switch reason {
            case .key(let error): "\(error)"
            case .secret: "it is a shared secret or has a private half, and everybody can read it"
            case .duplicate(let id): "another key has the kid \(LogText.quoted(id, limit: 80)) already"
            case .tooMany: "\(IssuerKeySet.limit) keys are the most"
            }
        return "key \(number): \(what)"
    }
}
