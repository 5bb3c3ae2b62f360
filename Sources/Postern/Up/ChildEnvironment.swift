import Glibc
import Shared

/// What each process gets of the environment of `postern up`.
struct ChildEnvironment {
    private let inherited: [String: String]
    private let secret: String?

    /// What a service manager said to `postern up` is not said to its children; the secret goes to one of them alone.
    private static let notInherited = [
        "NOTIFY_SOCKET", "WATCHDOG_PID", "WATCHDOG_USEC", "LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES",
        "JOURNAL_STREAM", TutorialSecret.variable,
    ]

    init(_ environment: [String: String], secret: String?) {
        inherited = environment.filter { !Self.notInherited.contains($0.key) }
        self.secret = secret
    }

    /// Credentials are for the two processes that have some to keep; the data service holds none.
    func variables(for process: SupervisedProcess) -> [String: String] {
        var variables = inherited
        variables[RuntimeOptions.parentVariable] = "\(getpid())"
        switch process {
        case .auth: variables[TutorialSecret.variable] = secret
        case .data: variables["CREDENTIALS_DIRECTORY"] = nil
        case .gateway: break
        }
        return variables
    }
}
