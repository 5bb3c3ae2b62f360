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
        let listener = ServiceRunner.Listener(name: Self.listenerName, address: listen, endpoints: endpoints)
        // One loop: reads run on the store's own threads, and one more instance is how this service grows.
        try ServiceRunner(
            name: "data", listeners: [listener], threads: 1, lifecycle: lifecycle, logger: logger
        ).run()
    }
}
