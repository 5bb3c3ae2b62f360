import Shared

/// Where `auth.yaml` says that the keys are. The keys themselves are not looked at here: see `KeyLoader`.
struct KeySources: Equatable, Sendable {
    /// Where a shared secret is.
    enum Secret: Equatable, Sendable {
        case environment(String)
        case credential(String)
        case file(String)
    }

    /// The name of the tutorial's secret, in the environment and among the credentials.
    static let defaultName = "JWT_SECRET_KEY"

    /// Nil when the configuration names none: `JWT_SECRET_KEY` is looked for then, unless there are `keys`.
    var secret: Secret?
    /// The `kid` of the secret.
    var secretID: String?
    var algorithm = SignatureAlgorithm.hs256
    /// The absolute path of a file or a folder of JWKs.
    var keys: String?
    /// Where in the file this is said, for an error with a key.
    var place: ConfigurationPlace

    init(place: ConfigurationPlace) {
        self.place = place
    }

    init(_ reader: ConfigurationReader, token: ConfigurationReader?, stateDirectory: String) {
        place = reader.has("keys") ? reader.place(of: "keys") : token?.place(of: "key") ?? reader.place
        keys = reader.optional("keys", .path(relativeTo: stateDirectory))
        guard let token else { return }
        secretID = token.optional("kid", .nonEmptyString)
        algorithm = token.value("algorithm", .word, default: algorithm)
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
