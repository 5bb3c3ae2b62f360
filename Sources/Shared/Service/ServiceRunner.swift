package import Logging

/// Runs one of our own services from its sockets to its end.
package struct ServiceRunner {
    /// One listener and what it serves.
    package struct Listener {
        /// The name of a socket that systemd passes (`FileDescriptorName=`).
        let name: String
        let address: ListenAddress
        let endpoints: [ServiceEndpoint]

        package init(name: String, address: ListenAddress, endpoints: [ServiceEndpoint]) {
            self.name = name
            self.address = address
            self.endpoints = endpoints
        }
    }

    /// The program, for threads and the status line.
    let name: String
    let listeners: [Listener]
    let threads: Int
    let lifecycle: ProcessLifecycle
    let logger: Logger

    package init(name: String, listeners: [Listener], threads: Int, lifecycle: ProcessLifecycle, logger: Logger) {
        self.name = name
        self.listeners = listeners
        self.threads = threads
        self.lifecycle = lifecycle
        self.logger = logger
    }

    /// Serves until the process is told to stop and has drained, or its time for that is over.
    /// - Parameters:
    ///   - onReload: reads the configuration again; what it throws is said, and what runs stays as it is.
    ///   - onDrain: ends answers that would have no end by themselves.
    ///   - onCount: adds what the service counts beside its loops to the counters in the log; called on any thread.
    package func run(
        onReload: @escaping () throws -> Void = { throw NothingReloads() }, onDrain: @escaping () -> Void = {},
        onCount: @escaping @Sendable (inout Tally) -> Void = { _ in }
    ) throws {
        let sockets = try ListenerRequest.open(
            listeners.map { ListenerRequest(name: $0.name, addresses: [$0.address]) })
        var routes: [String: ServiceRoutes] = [:]
        for listener in listeners { routes[listener.name] = try ServiceRoutes(listener.endpoints) }
        let process = try ServiceProcess(
            name: name, threads: threads, sockets: sockets, routes: routes, waker: lifecycle.waker, logger: logger,
            onReload: onReload, onDrain: onDrain, onCount: onCount)
        let reason = lifecycle.run(process, logger: logger)
        process.stop()
        for socket in sockets { socket.close() }
        guard reason != .deadlinePassed else {
            throw CommandFailure("requests were still under way when the time for draining was over")
        }
    }
}

/// What SIGHUP is told by a service that reads its configuration at its start alone.
package struct NothingReloads: Error, CustomStringConvertible {
    package init() {}
    package var description: String { "nothing is read again while this service runs; restart it to take changes" }
}
