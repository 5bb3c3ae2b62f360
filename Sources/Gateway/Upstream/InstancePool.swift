// Unsafe code: connect(2) takes its path as a pointer.
import CLinux
import Glibc
import Shared

/// One loop's connections to one instance of a service. The last one used is used next: its caches are warm, and
/// those that are not needed grow old and go.
final class InstancePool {
    let address: InstanceAddress
    /// Shared with all other loops.
    let state: InstanceState
    let loop: EventLoop
    /// Who may be at the other end; nil for whoever is.
    var peers: PeerRule?
    /// Told of those who may not.
    var foreign: ForeignSockets?
    private var idle: [ClientConnection] = []
    private var oldest: LoopTimer?
    private var idleSince: [UInt64] = []
    /// Exchanges under way.
    private(set) var inFlight = 0
    /// Its times to the first byte, where they are watched.
    private(set) var times = PeakEWMA()
    /// Until when the instance counts as failed, on the loop's clock.
    private var failedUntil: UInt64 = 0
    /// Failures since the last exchange that succeeded.
    private var failures: UInt64 = 0

    /// Connections kept open without a request.
    private static let idleLimit = 512
    /// Shorter than any server's own limit that we know, so that it is we who close.
    private static let idleDeadline: UInt64 = 30_000_000_000
    private static let failurePause: UInt64 = 1_000_000_000
    /// An address that goes on failing is tried ever more seldom: by TCP a try may take long.
    private static let longestPause: UInt64 = 30_000_000_000

    init(_ address: InstanceAddress, state: InstanceState = InstanceState(), loop: EventLoop) {
        self.address = address
        self.state = state
        self.loop = loop
        oldest = LoopTimer(loop: loop) { [unowned self] in closeOld() }
    }

    deinit {
        oldest?.invalidate()
        closeIdle()
    }

    /// It took no connection a moment ago, here, or is ejected from all loops.
    var isFailed: Bool { failedUntil > loop.now || state.isEjected(loop.now) }
    var isIPv6: Bool {
        switch address {
        case .unix: false
        case .tcp(let address, _), .tls(let address, _, _): address.contains(":")
        }
    }

    /// A connection for one exchange, which comes back by `give` or `lose`. An instance that takes none counts as
    /// failed for a while.
    /// - Parameters:
    ///   - fresh: asks for a new one.
    ///   - once: the request cannot be sent again, so a kept connection is looked at before it is trusted.
    func take(fresh: Bool, once: Bool = false) throws(LoopError) -> ClientConnection {
        if !fresh, let connection = reuse(once: once) { return connection }
        return try connect()
    }

    /// A kept connection; nil without one.
    func reuse(once: Bool) -> ClientConnection? {
        while let connection = idle.popLast() {
            idleSince.removeLast()
            guard !once || connection.stream.isQuiet else {
                connection.cancel()
                continue
            }
            begin()
            return connection
        }
        return nil
    }

    /// A new connection, perhaps one that does not stand yet.
    func connect() throws(LoopError) -> ClientConnection {
        do throws(LoopError) {
            let connection = try open()
            connection.idleDidEnd = { [unowned self] in forget($0) }
            begin()
            return connection
        } catch {
            if !Self.isPassing(error) { countAsFailed() }
            throw error
        }
    }

    /// Takes a connection back after its exchange; closes it where it cannot be used again.
    func give(_ connection: ClientConnection) {
        end()
        failedUntil = 0
        failures = 0
        guard connection.isReusable, state.keepsConnections, idle.count < Self.idleLimit else {
            return connection.cancel()
        }
        idle.append(connection)
        idleSince.append(loop.now)
        if idle.count == 1 { oldest?.set(after: Self.idleDeadline) }
    }

    /// Closes a connection whose exchange failed or was given up. `isInstanceDown`: the instance took no connection.
    func lose(_ connection: ClientConnection, isInstanceDown: Bool = false) {
        end()
        connection.cancel()
        if isInstanceDown { countAsFailed() }
    }

    /// What became of an exchange with the instance; told once for each attempt, while its connection is not given back.
    /// - Parameter latency: nanoseconds from the request's head to the first byte of the answer; 0 without one.
    func record(_ outcome: InstanceOutcome, latency: UInt64) {
        if outcome.isError { state.countError() }
    }

    /// A time to the first byte.
    func observe(_ latency: UInt64) { times.observe(latency, now: loop.now) }

    private func begin() {
        inFlight += 1
        state.begin()
    }

    private func end() {
        inFlight -= 1
        state.end()
    }

    /// Another address was quicker by far: this one is passed over for a while.
    func wasSlow() {
        pause()
    }

    private func pause() {
        let pause = isUnix ? Self.failurePause : min(Self.failurePause << min(failures, 8), Self.longestPause)
        failures += 1
        failedUntil = loop.now + pause
    }

    private var isUnix: Bool { if case .unix = address { true } else { false } }

    private func countAsFailed() {
        pause()
        closeIdle()
    }

    /// Whether a connection failed for want of room, here or in the instance's backlog (unix(7), connect(2)): that says
    /// nothing against the connections that stand.
    static func isPassing(_ error: LoopError) -> Bool {
        switch error.code {
        case EAGAIN, EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL: true
        default: false
        }
    }

    private func open() throws(LoopError) -> ClientConnection {
        var inProgress = false
        let descriptor: Int32
        var security: TLSSession?
        switch address {
        case .unix(let path): descriptor = unsafe postern_connect_unix(path, &inProgress)
        case .tcp(let address, let port): descriptor = unsafe postern_connect_tcp(address, port, &inProgress)
        case .tls(let address, let port, let tls):
            descriptor = unsafe postern_connect_tcp(address, port, &inProgress)
            security = tls.makeSecurity(address)
        }
        guard descriptor >= 0 else { throw LoopError(call: "connect", code: errno) }
        if let peers { try check(peers, descriptor) }
        return try ClientConnection(loop: loop, descriptor: descriptor, isConnecting: inProgress, security: security)
    }

    /// Whose socket it is was looked at when it was found; who listens on it may be somebody else.
    private func check(_ peers: PeerRule, _ descriptor: Int32) throws(LoopError) {
        let (isAccepted, user) = peers.accepts(descriptor)
        guard !isAccepted else { return }
        close(descriptor)
        foreign?.refuse(address, user: user)
        throw LoopError(call: "getsockopt(SO_PEERCRED)", code: EPERM)
    }

    private func forget(_ connection: ClientConnection) {
        guard let index = idle.lastIndex(where: { $0 === connection }) else { return }
        idle.remove(at: index)
        idleSince.remove(at: index)
    }

    private func closeOld() {
        let limit = loop.now &- Self.idleDeadline
        let count = idleSince.prefix { $0 <= limit }.count
        for connection in idle.prefix(count) { connection.cancel() }
        idle.removeFirst(count)
        idleSince.removeFirst(count)
        if let first = idleSince.first { oldest?.set(first + Self.idleDeadline) }
    }

    /// Closes the connections without a request.
    func closeIdle() {
        for connection in idle { connection.cancel() }
        idle.removeAll()
        idleSince.removeAll()
    }
}
