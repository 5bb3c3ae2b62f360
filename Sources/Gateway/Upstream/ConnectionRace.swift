import Glibc
import Shared

/// Connects to one of several addresses (RFC 8305 section 5): one after the other, the next when the last has not come
/// to stand within a moment, or at once when it failed. The first connection that stands is taken, TLS included, and the
/// others are given up. Nothing of a request is sent before: it leaves once, on the winner.
final class ConnectionRace: ClientExchange {
    enum End {
        case connected(ClientConnection, InstancePool)
        /// No address took a connection; `isRefused`: the last was there, and was not who it must be.
        case failed(isRefused: Bool)
    }
    private let loop: EventLoop
    private let service: ServicePool
    private var candidates: ArraySlice<InstancePool>
    private var attempts: [(connection: ClientConnection, pool: InstancePool)] = []
    private let deadline: UInt64
    private var timer: LoopTimer?
    private var done: ((End) -> Void)?
    private var isRefused = false

    /// Nanoseconds until the next address is tried beside the last.
    static let delay: UInt64 = 250_000_000
    /// Addresses that are tried for one connection.
    static let limit = 8

    /// - Parameters:
    ///   - first: is tried first.
    ///   - time: nanoseconds for all of it.
    ///   - done: is called once, perhaps before `start` returns.
    init(_ first: InstancePool, of service: ServicePool, time: UInt64, done: @escaping (End) -> Void) {
        loop = first.loop
        self.service = service
        candidates = service.order(from: first).prefix(Self.limit)
        deadline = first.loop.now + time
        self.done = done
        timer = LoopTimer(loop: loop) { [unowned self] in next() }
    }

    deinit { timer?.invalidate() }

    func start() { next() }

    /// Gives all attempts up, and tells nobody.
    func cancel() {
        done = nil
        stop(except: nil)
    }

    private func next() {
        while let pool = candidates.popFirst(), deadline > loop.now {
            if let kept = pool.reuse(once: true) {
                attempts.append((kept, pool))
                return win(kept)
            }
            do throws(LoopError) {
                let connection = try pool.connect()
                let left = deadline - loop.now
                connection.begin(self, method: .get, connectDeadline: left, responseDeadline: left)
                attempts.append((connection, pool))
                if connection.isConnected { return win(connection) }
                timer?.set(after: Self.delay)
                return
            } catch {
                continue
            }
        }
        if attempts.isEmpty { end(.failed(isRefused: isRefused)) }
    }

    private func win(_ connection: ClientConnection) {
        guard let index = attempts.firstIndex(where: { $0.connection === connection }) else { return }
        let pool = attempts[index].pool
        // Those that were tried before it have had their time.
        for attempt in attempts[..<index] { attempt.pool.wasSlow() }
        stop(except: connection)
        connection.release()
        end(.connected(connection, pool))
    }

    private func stop(except winner: ClientConnection?) {
        timer?.invalidate()
        timer = nil
        candidates = []
        let others = attempts.filter { $0.connection !== winner }
        attempts = []
        for attempt in others { attempt.pool.lose(attempt.connection) }
    }

    private func end(_ end: End) {
        timer?.cancel()
        let done = self.done
        self.done = nil
        done?(end)
    }

    // MARK: ClientExchange

    func connectionDidOpen(on connection: ClientConnection) { win(connection) }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        guard let index = attempts.firstIndex(where: { $0.connection === connection }) else { return }
        let pool = attempts.remove(at: index).pool
        if case .connect(EPROTO) = failure.kind { isRefused = true }
        service.record(.refused, of: pool, latency: 0)
        pool.lose(connection, isInstanceDown: true)
        next()
    }

    // Nothing was asked: whatever comes is no answer.
    func responseDidBegin(on connection: ClientConnection) {}
    func responseBody(_ count: Int, on connection: ClientConnection) { connection.stream.consume(count) }
    func responseDidEnd(on connection: ClientConnection) {}
}
