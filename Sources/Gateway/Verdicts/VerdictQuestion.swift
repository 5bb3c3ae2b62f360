import CLinux
import Shared

/// A token that was asked about: when, on the loop's clock, and how many revocations had been heard then.
struct AskedToken {
    let token: PlacedToken
    var at: UInt64 = 0
    var epoch: UInt64 = 0
}

/// One question to the auth service, `GET /verify` with the client's `Authorization`, or its cookies that may be tokens,
/// and nothing else (in the way of nginx's auth_request), and those who wait for its answer.
final class VerdictQuestion: ClientExchange {
    private var asked: AskedToken
    private unowned let authenticator: Authenticator
    private var waiting: [VerdictWaiter] = []
    private var service: InstancePool?
    private var attempts = 0
    private var verdict: Verdict?
    private var retryAfter: Int?
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

    init(_ token: PlacedToken, _ authenticator: Authenticator) {
        asked = AskedToken(token: token)
        self.authenticator = authenticator
    }

    var token: PlacedToken { asked.token }

    func await(_ waiter: VerdictWaiter) { waiting.append(waiter) }

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
            asked.at = authenticator.loop.now
            asked.epoch = authenticator.epochs.current
            latency = 0
            connection.begin(self, method: .get, connectDeadline: left, responseDeadline: left)
            connection.stream.append("GET /verify HTTP/1.1\r\nHost: auth\r\n")
            connection.stream.append(token.place == .cookie ? "Cookie: " : "Authorization: ")
            connection.stream.append(token.bytes)
            connection.stream.append("\r\n\r\n")
            connection.endRequest()
        } catch {
            guard !InstancePool.isPassing(error) else { return askLater() }
            service.record(.refused, latency: 0)
            // Told later: whoever asks is still in the middle of asking.
            authenticator.loop.afterThisTurn { self.end(.unavailable(retryAfter: nil)) }
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
        guard giveUpAt > authenticator.loop.now else { return end(.unavailable(retryAfter: nil)) }
        ask(fresh: true)
    }

    private func end(_ answer: Authenticator.Answer) {
        pause?.invalidate()
        pause = nil
        authenticator.questionDidEnd(self, answer)
        let waiting = self.waiting
        self.waiting = []
        for waiter in waiting { waiter.verdictDidCome(answer) }
    }

    // MARK: ClientExchange

    func responseDidBegin(on connection: ClientConnection) {
        latency = authenticator.loop.now &- asked.at
        (verdict, retryAfter) = connection.withHead { bytes in
            let verdict = VerdictAnswer.read(
                connection.head, bytes, to: asked, now: authenticator.loop.now, time: postern_realtime_ms())
            return (verdict, verdict == nil ? VerdictAnswer.retryAfter(connection.head, bytes) : nil)
        }
    }

    /// Its words are for nobody.
    func responseBody(_ count: Int, on connection: ClientConnection) {
        connection.stream.consume(count)
    }

    func responseDidEnd(on connection: ClientConnection) {
        service?.record(.answered(status: connection.head.status), latency: latency)
        service?.give(connection)
        guard let verdict else { return end(.unavailable(retryAfter: retryAfter)) }
        guard authenticator.epochs.stands(verdict) else { return askAfterRevocation() }
        end(.verdict(verdict))
    }

    /// What the answer was about was revoked on its way: it may have been given before.
    private func askAfterRevocation() {
        verdict = nil
        attempts -= 1
        guard giveUpAt > authenticator.loop.now else { return end(.unavailable(retryAfter: nil)) }
        ask(fresh: false)
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
            return end(.unavailable(retryAfter: nil))
        }
        ask(fresh: true)
    }
}
