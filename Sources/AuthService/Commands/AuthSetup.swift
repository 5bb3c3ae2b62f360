import CLinux
import FoundationEssentials
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
            .load(configuration.keys)
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
            case .invalidUsername: .dataError
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
