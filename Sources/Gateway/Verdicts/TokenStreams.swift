// Unsafe code: lends the bytes of a token.
import Shared

/// What one loop still delivers to bearers of tokens: answers that did not come in one piece, and tunnels. They end
/// with the token, and are asked about again when a revocation may be about them. Answers that are whole when their head
/// is read are never entered, and cost nothing.
final class TokenStreams {
    /// Nanoseconds for an answer that begins after its token's end.
    private static let lateAnswerGrace: UInt64 = 5_000_000_000
    /// Questions about streams under way: those of requests have to get through beside them.
    private static let questionLimit = 64
    /// Nanoseconds until what could not be asked is asked again.
    private static let pause: UInt64 = 1_000_000_000
    private var exchanges: [Exchange] = []
    /// To be asked about, each in the life that it had then; those before `next` have been.
    private var waiting: [(exchange: Exchange, number: UInt64)] = []
    private var next = 0
    private var asking = 0
    private var isToAsk = false
    private var later: LoopTimer?

    deinit { later?.invalidate() }

    var count: Int { exchanges.count }

    /// Enters an exchange that has a verdict, until it ends.
    func add(_ exchange: Exchange) {
        guard let verdict = exchange.verdict, exchange.streamIndex < 0 else { return }
        exchange.streamIndex = exchanges.count
        exchanges.append(exchange)
        let now = exchange.worker.loop.now
        // The service was asked in time and answers late: whether that comes in one piece must not decide on it.
        exchange.tokenTimer(verdict.expiry > now ? verdict.expiry : now + Self.lateAnswerGrace)
        if !exchange.worker.authenticator.epochs.stands(verdict) { askAgain(exchange) }
    }

    func remove(_ exchange: Exchange) {
        let index = exchange.streamIndex
        guard index >= 0 else { return }
        exchange.streamIndex = -1
        exchange.isAskedAgain = false
        let last = exchanges.removeLast()
        guard last !== exchange else { return }
        exchanges[index] = last
        last.streamIndex = index
    }

    /// A revocation has come: asks again about those that it may be about.
    func revocationDidCome(_ epochs: RevocationEpochs) {
        for exchange in exchanges where !exchange.isAskedAgain {
            if let verdict = exchange.verdict, !epochs.stands(verdict) { askAgain(exchange) }
        }
    }

    private func askAgain(_ exchange: Exchange) {
        exchange.isAskedAgain = true
        waiting.append((exchange, exchange.number))
        askSoon(exchange.worker.loop)
    }

    /// Who tells of a revocation may be looking at the exchanges, which an answer may end.
    private func askSoon(_ loop: EventLoop) {
        guard !isToAsk, asking < Self.questionLimit, next < waiting.count else { return }
        isToAsk = true
        loop.afterThisTurn { [weak self] in self?.ask() }
    }

    private func ask() {
        isToAsk = false
        while asking < Self.questionLimit, next < waiting.count {
            let (exchange, number) = waiting[next]
            next += 1
            guard exchange.number == number, let verdict = exchange.verdict else { continue }
            guard let service = exchange.worker.table.verify else {
                // Nobody judges any more.
                exchange.isAskedAgain = false
                continue
            }
            asking += 1
            let credentials = verdict.credentials
            let authenticator = exchange.worker.authenticator
            if let known = authenticator.known(unsafe credentials.span.bytes, in: verdict.place) {
                didAsk(exchange, number, .verdict(known))
                continue
            }
            let isAsked = authenticator.ask(
                unsafe credentials.span.bytes, in: verdict.place, service: service,
                for: VerdictWaiter(exchange, again: self))
            if !isAsked { didAsk(exchange, number, .unavailable(retryAfter: nil)) }
        }
        guard next == waiting.count else { return }
        waiting.removeAll(keepingCapacity: waiting.count <= Self.questionLimit)
        next = 0
    }

    /// The auth service has said what is so now, or has not.
    func didAsk(_ exchange: Exchange, _ number: UInt64, _ answer: Authenticator.Answer) {
        asking -= 1
        if exchange.number == number, exchange.streamIndex >= 0 {
            switch answer {
            case .verdict(let verdict): exchange.verdictDidChange(verdict)
            case .unavailable: askLater(exchange)
            }
        }
        askSoon(exchange.worker.loop)
    }

    /// It cannot be told whether the stream may go on. It began with a good token, so that it goes on; but the question
    /// stays.
    private func askLater(_ exchange: Exchange) {
        exchange.isAskedAgain = false
        let timer = later ?? LoopTimer(loop: exchange.worker.loop) { [unowned self] in askOverdue() }
        later = timer
        if timer.deadline == LoopTimer.never { timer.set(after: Self.pause) }
    }

    private func askOverdue() {
        guard let authenticator = exchanges.first?.worker.authenticator else { return }
        revocationDidCome(authenticator.epochs)
    }
}

extension Exchange {
    /// A body goes to the service, the answer goes on, or a tunnel is open: if a token opened it, it ends with the token.
    func streamDidBegin() {
        if verdict != nil { worker.tokenStreams.add(self) }
    }

    func streamDidEnd() {
        tokenEnd?.cancel()
        worker.tokenStreams.remove(self)
    }

    /// Has the stream end at `expiry` on the loop's clock.
    func tokenTimer(_ expiry: UInt64) {
        let timer = tokenEnd ?? LoopTimer(loop: worker.loop) { [unowned self] in tokenDidEnd() }
        tokenEnd = timer
        timer.set(expiry)
    }

    /// The auth service was asked again about the token that opened the stream.
    func verdictDidChange(_ verdict: Verdict) {
        isAskedAgain = false
        guard verdict.isAccepted, rule?.requirement.map(verdict.meets) ?? true else {
            worker.counters.revokedStreams &+= 1
            return endWithToken()
        }
        self.verdict = verdict
        if verdict.expiry > worker.loop.now { tokenTimer(verdict.expiry) }
    }

    private func tokenDidEnd() {
        worker.counters.tokenEnds &+= 1
        endWithToken()
    }

    /// The token is good no longer: a tunnel is closed on both sides, an answer broken off, so that nobody takes what
    /// came of it for the whole.
    private func endWithToken() {
        guard let connection else { return }
        guard tunnel == nil else { return connection.abort() }
        guard connection.hasResponse else { return fail(.client(.refused(.ended))) }
        breakOff(connection)
    }
}
