import CLinux
import Glibc
import Shared

/// One check of one instance, on a connection of its own: what serves requests need not stand for what takes new ones.
final class HealthQuestion: ClientExchange {
    enum Result: Equatable {
        case passed
        case failed(String)
        /// We could not ask, for want of something here: that says nothing of the instance.
        case unasked
    }
    private let target: HealthTarget
    private let pool: InstancePool
    private var connection: ClientConnection?
    private var timer: LoopTimer?
    private var done: ((Result) -> Void)?
    private var status = 0
    /// Of the answer's content, which nobody reads.
    private var left = 64 * 1024

    /// - Parameter done: is called once, perhaps before `start` returns.
    init(_ target: HealthTarget, loop: EventLoop, done: @escaping (Result) -> Void) {
        self.target = target
        self.done = done
        pool = InstancePool(target.address, loop: loop)
        pool.peers = target.peers
        timer = LoopTimer(loop: loop) { [unowned self] in end(.failed("it does not answer in time")) }
    }

    deinit { timer?.invalidate() }

    func start() {
        do throws(LoopError) {
            let connection = try pool.connect()
            self.connection = connection
            timer?.set(after: target.rule.timeout)
            connection.begin(
                self, method: .get, connectDeadline: target.rule.timeout, responseDeadline: target.rule.timeout)
            guard !target.rule.path.isEmpty else {
                if connection.isConnected { end(.passed) }
                return
            }
            connection.stream.append("GET ")
            connection.stream.append(target.rule.path)
            connection.stream.append(" HTTP/1.1\r\n")
            connection.stream.append(target.hostField)
            connection.stream.append("User-Agent: postern\r\nAccept: */*\r\nConnection: close\r\n\r\n")
            connection.endRequest()
        } catch {
            switch error.code {
            case EMFILE, ENFILE, ENOMEM, ENOBUFS, EADDRNOTAVAIL: end(.unasked)
            case EAGAIN: end(.failed("its backlog is full"))
            case EPERM: end(.failed("a foreign user listens there"))
            default: end(.failed("it takes no connection (\(error))"))
            }
        }
    }

    /// Gives it up, and tells nobody.
    func cancel() {
        done = nil
        end(.unasked)
    }

    private func end(_ result: Result) {
        timer?.invalidate()
        timer = nil
        if let connection { pool.lose(connection) }
        connection = nil
        let done = self.done
        self.done = nil
        done?(result)
    }

    private var verdict: Result {
        target.rule.isGood(status) ? .passed : .failed("it answers \(status)")
    }

    // MARK: ClientExchange

    func connectionDidOpen(on connection: ClientConnection) {
        if target.rule.path.isEmpty { end(.passed) }
    }

    func responseDidBegin(on connection: ClientConnection) {
        status = connection.head.status
    }

    func responseBody(_ count: Int, on connection: ClientConnection) {
        left -= count
        // The head has said it.
        if left < 0 { return end(verdict) }
        connection.stream.consume(count)
    }

    func responseDidEnd(on connection: ClientConnection) { end(verdict) }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        let reason =
            switch failure.kind {
            case .connect(EPROTO): "its TLS is not as it must be"
            case .connect: "it takes no connection"
            case .connectTimeout, .timeout: "it does not answer in time"
            case .closed: "it breaks the connection"
            case .malformed: "its answer is no HTTP"
            }
        end(.failed(reason))
    }
}
