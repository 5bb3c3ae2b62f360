import Shared

/// Where `auth.yaml` says that the keys are. The keys themselves are not looked at here: see `KeyLoader`.
struct KeySources: Equatable, Sendable {
    /// Where a shared secret is.
    enum Secret: Equatable, Sendable {
        case environment(String)
        case credential(String)
        case file(String)
    }

    /// Where further keys are.
    enum Keys: Equatable, Sendable {
        /// The absolute path of a file or a folder.
        case path(String)
        case credential(String)
    }

    /// What becomes of a secret that is shorter than RFC 7518 section 3.2 has it: `policy.short_hmac_keys`.
    enum ShortSecrets: String, CaseIterable, Sendable {
        case accept
        case refuse
    }

    /// The name of the tutorial's secret, in the environment and among the credentials.
    static let defaultName = "JWT_SECRET_KEY"

    /// Nil when the configuration names none: `JWT_SECRET_KEY` is looked for then, unless there are `keys`.
    var secret: Secret?
    /// The `kid` of the secret.
    var secretID: String?
    var algorithm = SignatureAlgorithm.hs256
    var keys: Keys?
    var shortSecrets = ShortSecrets.refuse
    /// Where in the file this is said, for an error with a key.
    var place: ConfigurationPlace

    init(place: ConfigurationPlace) {
        self.place = place
    }

    init(_ reader: ConfigurationReader, token: ConfigurationReader?, stateDirectory: String) {
        place = reader.has("keys") ? reader.place(of: "keys") : token?.place(of: "key") ?? reader.place
        keys = reader.optional("keys", .keys(relativeTo: stateDirectory))
        shortSecrets = reader.optional("policy", .mapping)?.optional("short_hmac_keys", .word) ?? shortSecrets
        guard let token else { return }
        secretID = token.optional("kid", .nonEmptyString)
        algorithm = token.value("algorithm", .secretAlgorithm, default: algorithm)
        guard let key = token.optional("key", .mapping) else { return }
        let found: [Secret?] = [
            key.optional("env", .nonEmptyString).map(Secret.environment),
            key.optional("credential", .nonEmptyString).map(Secret.credential),
            key.optional("file", .path(relativeTo: stateDirectory)).map(Secret.file),
        ]
        secret = found.compactMap { $0 }.first
        if key.keys.filter({ ["env", "credential", "file"].contains($0) }).count != 1 {
            token.report(
                "key", "`token.key` must name one place of the secret",
                mend: "Write {env: NAME}, {credential: NAME} or {file: PATH}.")
        }
    }
}

extension ValueForm where Value == KeySources.Keys {
    /// A path, or `{credential: NAME}`.
    fileprivate static func keys(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            guard node.isMapping else { return node.read(as: .path(relativeTo: folder)).map(KeySources.Keys.path) }
            let reader = node.read(as: .mapping)
            return reader?.required("credential", .nonEmptyString, example: "jwt-keys").map(KeySources.Keys.credential)
        }
    }
}

extension ValueForm where Value == SignatureAlgorithm {
    /// One of those that a shared secret is for.
    fileprivate static var secretAlgorithm: ValueForm {
        let names = SignatureAlgorithm.symmetric.map(\.rawValue).joined(separator: ", ")
        return text(expected: "one of: \(names)", mend: "Keys for other algorithms are named by `keys`.") { text in
            SignatureAlgorithm.symmetric.first { $0.rawValue == text }
        }
    }
}
