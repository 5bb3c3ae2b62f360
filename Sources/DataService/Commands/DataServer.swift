import Logging
import Shared

/// From endpoints to a running process: event loops, listener, readiness, drain.
struct DataServer {
    /// The name of our socket in a unit (`FileDescriptorName=`).
    static let listenerName = "data"

    let listen: ListenAddress
    let endpoints: [ServiceEndpoint]
    let lifecycle: ProcessLifecycle
    let logger: Logger

    /// Serves until the process is told to stop, and has drained.
    func run() throws {
        throw CommandFailure("this build has no server yet", status: .software)
    }
}
