import CLinux
import Shared

/// One question to the auth service, `GET /verify` with the client's `Authorization` and nothing else (in the way of
/// nginx's auth_request), and those who wait for its answer.
final class VerdictQuestion: ClientExchange {
    let credentials: [UInt8]
    private unowned let authenticator: Authenticator
    private var waiting: [(exchange: Exchange, number: UInt64)] = []
    private var service: InstancePool?
    private var attempts = 0
    private var verdict: Verdict?
    private var sentAt: UInt64 = 0
    private var latency: UInt64 = 0

    /// Nanoseconds for the auth service to connect and to answer.
    private static let deadline: UInt64 = 2_000_000_000

    init(_ credentials: [UInt8], _ authenticator: Authenticator) {
        self.credentials = credentials
        self.authenticator = authenticator
    }

    func await(_ exchange: Exchange) {
        waiting.append((exchange, exchange.number))
    }

    func ask(_ service: InstancePool, fresh: Bool = false) {
        self.service = service
        attempts += 1
        do throws(LoopError) {
            let connection = try service.take(fresh: fresh)
            sentAt = authenticator.loop.now
            connection.begin(self, method: .get, connectDeadline: Self.deadline, responseDeadline: Self.deadline)
            connection.stream.append("GET /verify HTTP/1.1\r\nHost: auth\r\nAuthorization: ")
            connection.stream.append(credentials)
            connection.stream.append("\r\n\r\n")
            connection.endRequest()
        } catch {
            service.record(.refused, latency: 0)
            // Told later: whoever asks is still in the middle of asking.
            authenticator.loop.afterThisTurn { self.end(.unavailable) }
        }
    }

    private func end(_ answer: Authenticator.Answer) {
        authenticator.questionDidEnd(self, answer)
        let waiting = self.waiting
        self.waiting = []
        for (exchange, number) in waiting where exchange.number == number { exchange.authenticationDidEnd(answer) }
    }

    // MARK: ClientExchange

    func responseDidBegin(on connection: ClientConnection) {
        latency = authenticator.loop.now &- sentAt
        verdict = connection.withHead { bytes in
            VerdictAnswer.read(
                connection.head, bytes, credentials: credentials, now: authenticator.loop.now,
                time: postern_realtime_ms())
        }
    }

    /// Its words are for nobody.
    func responseBody(_ count: Int, on connection: ClientConnection) {
        connection.stream.consume(count)
    }

    func responseDidEnd(on connection: ClientConnection) {
        service?.record(.answered(status: connection.head.status), latency: latency)
        service?.give(connection)
        end(verdict.map { .verdict($0) } ?? .unavailable)
    }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        guard let service else { return }
        service.record(InstanceOutcome(failure), latency: latency)
        service.lose(connection)
        if failure.kind == .closed && failure.wasReused && !failure.hadResponse && attempts == 1 {
            // A kept connection that the service had closed: asking again is asking for the first time. Silence is an
            // answer: another question would make the client wait twice as long for its 503.
            ask(service, fresh: true)
        } else {
            end(.unavailable)
        }
    }
}
