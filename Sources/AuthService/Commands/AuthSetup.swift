import CLinux
import FoundationEssentials
import Logging
import Shared

/// What `serve`, `user` and `token` have in common: the configuration, and what it names.
struct AuthSetup {
    let configuration: AuthConfiguration
    private let credentials: String?

    init(_ options: ConfigurationOptions, _ runtime: RuntimeOptions) throws(CommandFailure) {
        credentials = runtime.credentialsDirectory(environment: ProcessInfo.processInfo.environment)
        let context = AuthConfiguration.Context(
            runDirectory: runtime.runDirectory, stateDirectory: runtime.stateDirectory)
        do {
            configuration = try AuthConfiguration.load(from: options.directory, context: context)
        } catch {
            throw CommandFailure(configuration: error)
        }
    }

    func keys() throws(CommandFailure) -> KeyRing {
        do {
            return try readKeys()
        } catch {
            throw CommandFailure(configuration: error)
        }
    }

    /// The keys as their files are now.
    func readKeys() throws(ConfigurationError) -> KeyRing {
        try KeyLoader(environment: ProcessInfo.processInfo.environment, credentials: credentials)
            .load(configuration.keys, mayBeEmpty: !configuration.issuers.isEmpty)
    }

    /// The issuers, with the keys that are in files.
    func issuers() throws(CommandFailure) -> Issuers {
        let issuers = Issuers(configuration.issuers)
        do throws(ConfigurationError) { try issuers.readFiles() } catch { throw CommandFailure(configuration: error) }
        return issuers
    }

    /// Begins to fetch the keys of issuers; nil where none is on the web.
    func fetcher(
        _ issuers: Issuers, logger: Logger, keysAreGone: @escaping @Sendable () -> Void = {}
    ) throws(CommandFailure) -> IssuerKeyFetcher? {
        guard let socket = configuration.egress, configuration.issuers.contains(where: \.keys.isRemote) else {
            return nil
        }
        do throws(LoopError) {
            return try IssuerKeyFetcher(issuers, through: socket, logger: logger, keysAreGone: keysAreGone)
        } catch {
            throw CommandFailure("\(error)", status: .systemError)
        }
    }

    /// Runs `body` with what judges a token as the service does; keys on the web are fetched for it, as far as they come.
    func withJudge<Result>(
        logger: Logger, _ body: (TokenJudge) throws -> Result
    ) throws -> Result {
        let issuers = try issuers()
        let fetcher = try fetcher(issuers, logger: logger)
        defer { fetcher?.stop() }
        fetcher?.waitForFirst()
        return try body(
            TokenJudge(
                own: TokenVerifier(try keys(), rules: configuration.claimRules),
                ownName: configuration.claimRules.issuer, issuers: issuers))
    }

    /// Whose word on a client's address is taken.
    func forwarding() throws(CommandFailure) -> ForwardingPolicy {
        do {
            return try ForwardingPolicy.resolve(
                configuration.logins.forwardedFrom, file: AuthConfiguration.fileName)
        } catch {
            throw CommandFailure(configuration: error)
        }
    }

    /// The store, seeded as the configuration says.
    func store() throws(CommandFailure) -> AccountStore {
        do {
            return try AccountStore(path: configuration.store, seed: configuration.seed)
        } catch {
            throw CommandFailure(account: error)
        }
    }

    /// Before a secret is read: none of this process's memory goes into a file, and no other process of this user reads
    /// it (PR_SET_DUMPABLE, prctl(2)).
    static func protectMemory() throws(CommandFailure) {
        guard postern_forbid_core_dumps() == 0 else {
            throw CommandFailure(
                "core dumps cannot be forbidden: \(SystemError.last("prctl").reason)", status: .systemError)
        }
    }
}

extension CommandFailure {
    init(account error: AccountStoreError) {
        let status: ExitStatus =
            switch error {
            case .noSuchUser: .noInput
            case .invalidUsername, .invalidProfile: .dataError
            case .usernameTaken: .failure
            case .busy: .temporaryFailure
            default: .systemError
            }
        let (message, mend) = Self.parts(of: "\(error)")
        self.init(message, mend: mend, status: status)
    }

    /// A description's first sentence, and what follows it.
    private static func parts(of text: String) -> (String, String?) {
        guard let end = text.firstRange(of: ". ") else {
            return (text.hasSuffix(".") ? String(text.dropLast()) : text, nil)
        }
        return (String(text[..<end.lowerBound]), String(text[end.upperBound...]))
    }
}
