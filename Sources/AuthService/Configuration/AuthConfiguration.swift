import Shared

/// What `auth.yaml` says, every key with its default:
///
/// ```yaml
/// listen:
///   login: unix:auth/login.sock     # needed: where /api/auth is answered
///   verify: unix:auth/verify.sock   # needed: where verdicts are given
/// store: sqlite:auth.db             # needed: the accounts
/// seed: none                        # none | tutorial: accounts for a store that never had one
/// keys: PATH                        # a JWK, a JWK set, PEM, or a folder of such files; or {credential: NAME}
/// jwks:
///   max_age: 5m                     # how long others may keep the published keys; a new key signs after that time
/// policy:
///   short_hmac_keys: refuse         # refuse | accept: secrets shorter than RFC 7518 section 3.2 has them
/// token:
///   key: {env: JWT_SECRET_KEY}      # a shared secret: {env: NAME}, {credential: NAME} or {file: PATH}
///   kid: NAME                       # the secret's name in a token's header; default: none
///   algorithm: HS256                # of the secret: HS256 | HS384 | HS512
///   issuer: NAME                    # the `iss` of our tokens, and the only one that is taken; default: none
///   audience: NAME                  # the `aud` of our tokens, which every token must have; default: none
///   lifetime: 24h                   # from a token's `iat` to its `exp`, in whole seconds; with sessions 15m
/// sessions: off                     # see SessionsConfiguration
/// accounts: {sign_up: off}          # see AccountsConfiguration
/// revocations: {keep: 400d}         # see RevocationsConfiguration
/// login:
///   errors: uniform                 # uniform | tutorial: whether an unknown user can be told from a wrong password
///   limits: {account: 5, …}         # failures that are free, see `LoginConfiguration`; or off
/// passwords: {scheme: bcrypt, …}    # how new ones are hashed, and by how many threads, see `PasswordsConfiguration`
/// verdict:
///   max_age: 60s                    # how long the gateway may keep a verdict, at most up to the token's expiry
///   refused_max_age: 5s             # how long it may keep a refusal
/// issuers: []                       # others whose tokens are taken, see `IssuerConfiguration`
/// egress: unix:gateway/egress.sock  # through which their keys are fetched; default: what postern.yaml says
/// ```
///
/// Without `token.key` and `keys` the secret is the environment variable `JWT_SECRET_KEY`, else the credential of that
/// name. With `keys` the secret of `token.key`, where there is one, verifies and does not sign. A relative path of a
/// socket is below `--run`, that of a store or a key below `--state`.
struct AuthConfiguration: Equatable, Sendable {
    let login: ListenAddress
    let verify: ListenAddress
    /// The absolute path of the SQLite file.
    let store: String
    let seed: AccountSeed
    let keys: KeySources
    /// Seconds from `iat` to `exp`.
    let tokenLifetime: Int64
    let claimRules: ClaimRules
    let logins: LoginConfiguration
    let passwords: PasswordsConfiguration
    let verdict: VerdictLifetime
    /// Seconds for which others may keep the published keys.
    let publicKeysMaxAge: Int64
    /// Others whose tokens are taken, and the path of the gateway's socket through which their keys are fetched.
    let issuers: [IssuerConfiguration]
    let egress: String?
    /// Nil where a login gives a token and nothing else.
    let sessions: SessionsConfiguration?
    let accounts: AccountsConfiguration
    /// Seconds for which a revocation is kept whose tokens' end is not known.
    let revocationKeep: Int64

    /// The file's name in the folder of the configuration.
    static let fileName = "auth.yaml"

    /// Where the process was told to put things.
    struct Context: Equatable, Sendable {
        /// Relative paths of sockets are below this folder.
        var runDirectory: String
        /// Relative paths of the store and of keys are below this folder.
        var stateDirectory: String
        /// The path of the gateway's egress socket, as postern.yaml beside the file has it.
        var egress: String?
    }

    /// Reads the file, and says all that is wrong with it at once. Touches no key, no store and no socket.
    static func load(from directory: String, context: Context) throws(ConfigurationError) -> AuthConfiguration {
        var context = context
        context.egress = EgressSocket.path(directory: directory, runDirectory: context.runDirectory)
        return try read(
            ConfigurationReader(file: "\(directory)/\(fileName)", problems: ConfigurationProblems()), context: context)
    }

    static func read(_ reader: ConfigurationReader, context: Context) throws(ConfigurationError) -> AuthConfiguration {
        let listen = reader.required("listen", .mapping)
        let socket = ValueForm<ListenAddress>.unixSocket(relativeTo: context.runDirectory)
        let login = listen?.required("login", socket, example: "unix:auth/login.sock")
        let verify = listen?.required("verify", socket, example: "unix:auth/verify.sock")
        if let login, login == verify {
            listen?.report("verify", "`listen.login` and `listen.verify` are one socket", mend: "Name two.")
        }
        let store = reader.required("store", .sqliteFile(relativeTo: context.stateDirectory), example: "sqlite:auth.db")
        let seed = reader.value("seed", .word, default: AccountSeed.none)
        let token = reader.optional("token", .mapping)
        let keys = KeySources(reader, token: token, stateDirectory: context.stateDirectory)
        let lifetime = token?.optional("lifetime", .wholeSeconds(in: .seconds(1)...(.seconds(86400 * 3650))))
        let sessions = SessionsConfiguration.read(reader)
        let tokenLifetime = lifetime ?? (sessions == nil ? 86400 : SessionsConfiguration.tokenLifetime)
        let accounts = AccountsConfiguration(reader.optional("accounts", .mapping))
        let keep = RevocationsConfiguration.keep(
            reader.optional("revocations", .mapping), tokenLifetime: tokenLifetime)
        let rules = ClaimRules(
            issuer: token?.optional("issuer", .nonEmptyString), audience: token?.optional("audience", .nonEmptyString))
        let logins = LoginConfiguration(reader.optional("login", .mapping))
        let passwords = PasswordsConfiguration(reader.optional("passwords", .mapping))
        let verdict = VerdictLifetime(reader.optional("verdict", .mapping))
        let maxAge = reader.optional("jwks", .mapping)?.optional(
            "max_age", .wholeSeconds(in: .zero...(.seconds(86400 * 30))))
        let (issuers, egress) = IssuerConfiguration.readAll(reader, own: rules.issuer, context: context)
        reader.finish()
        try reader.problems.throwIfAny()
        guard let login, let verify, let store else { throw ConfigurationError([]) }
        return AuthConfiguration(
            login: login, verify: verify, store: store, seed: seed, keys: keys, tokenLifetime: tokenLifetime,
            claimRules: rules, logins: logins, passwords: passwords, verdict: verdict,
            publicKeysMaxAge: maxAge ?? 300, issuers: issuers, egress: egress, sessions: sessions, accounts: accounts,
            revocationKeep: keep)
    }
}

extension VerdictLifetime {
    fileprivate init(_ reader: ConfigurationReader?) {
        let range = Duration.zero...(.seconds(86400))
        good = reader?.optional("max_age", .wholeSeconds(in: range)) ?? 60
        refused = reader?.optional("refused_max_age", .wholeSeconds(in: range)) ?? 5
    }
}
