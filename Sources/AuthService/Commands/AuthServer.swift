import Logging
import Shared

/// From endpoints to a running process: event loops, listeners, readiness, drain.
struct AuthServer {
    /// The names of our sockets in a unit (`FileDescriptorName=`).
    static let loginListener = "login"
    static let verifyListener = "verify"

    let configuration: AuthConfiguration
    let endpoints: AuthEndpoints
    let lifecycle: ProcessLifecycle
    let logger: Logger

    /// Serves until the process is told to stop, and has drained.
    func run() throws {
        throw CommandFailure("this build has no server yet", status: .software)
    }
}
