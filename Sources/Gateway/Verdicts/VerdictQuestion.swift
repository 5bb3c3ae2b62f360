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

    /// When there has to be an answer, however often it was asked for; on the loop's clock.
    private var giveUpAt: UInt64 = 0
    private var pause: LoopTimer?

    /// Nanoseconds for the auth service to answer.
    private static let deadline: UInt64 = 2_000_000_000
    /// Questions that may break; a token that no auth service survives must not end one after the other.
    private static let attemptLimit = 3
    /// Nanoseconds between two looks whether the backlog has room.
    private static let pauseTime: UInt64 = 20_000_000

    init(_ credentials: [UInt8], _ authenticator: Authenticator) {
        self.credentials = credentials
        self.authenticator = authenticator
    }

    func await(_ exchange: Exchange) {
        waiting.append((exchange, exchange.number))
    }

    /// Asks for the first time.
    func ask(_ service: InstancePool) {
        self.service = service
        giveUpAt = authenticator.loop.now + Self.deadline
        ask(fresh: false)
    }

    private func ask(fresh: Bool) {
        guard let service else { return }
        attempts += 1
        let left = giveUpAt - authenticator.loop.now
        do throws(LoopError) {
            let connection = try service.take(fresh: fresh)
            sentAt = authenticator.loop.now
            latency = 0
            connection.begin(self, method: .get, connectDeadline: left, responseDeadline: left)
            connection.stream.append("GET /verify HTTP/1.1\r\nHost: auth\r\nAuthorization: ")
            connection.stream.append(credentials)
            connection.stream.append("\r\n\r\n")
            connection.endRequest()
        } catch {
            guard !InstancePool.isPassing(error) else { return askLater() }
            service.record(.refused, latency: 0)
            // Told later: whoever asks is still in the middle of asking.
            authenticator.loop.afterThisTurn { self.end(.unavailable) }
        }
    }

    /// The backlog is full, perhaps because the service is just being restarted and its socket is systemd's.
    private func askLater() {
        attempts -= 1
        // The timer holds the question, as a connection would.
        let timer = pause ?? LoopTimer(loop: authenticator.loop) { self.askAgain() }
        pause = timer
        timer.set(after: Self.pauseTime)
    }

    private func askAgain() {
        guard giveUpAt > authenticator.loop.now else { return end(.unavailable) }
        ask(fresh: true)
    }

    private func end(_ answer: Authenticator.Answer) {
        pause?.invalidate()
        pause = nil
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

    /// A question changes nothing, so it may be asked again: one that was broken may have met a service that is being
    /// restarted, whose socket keeps the next one until it is back. Silence is an answer: another question would make the
    /// client wait twice as long for its 503.
    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        guard let service else { return }
        service.record(Exchange.outcome(failure), latency: latency)
        service.lose(connection)
        verdict = nil
        guard failure.kind == .closed, attempts < Self.attemptLimit, giveUpAt > authenticator.loop.now else {
            return end(.unavailable)
        }
        ask(fresh: true)
    }
}
