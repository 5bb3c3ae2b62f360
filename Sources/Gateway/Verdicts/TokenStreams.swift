import Shared

/// What one loop still delivers to bearers of tokens: answers that did not come in one piece, and tunnels. They end
/// with the token. Answers that are whole when their head is read are never entered, and cost nothing.
final class TokenStreams {
    /// Nanoseconds for an answer that begins after its token's end.
    private static let lateAnswerGrace: UInt64 = 5_000_000_000
    private var exchanges: [Exchange] = []

    var count: Int { exchanges.count }

    /// Enters an exchange that has a verdict, until it ends.
    func add(_ exchange: Exchange) {
        guard let verdict = exchange.verdict, exchange.streamIndex < 0 else { return }
        exchange.streamIndex = exchanges.count
        exchanges.append(exchange)
        let now = exchange.worker.loop.now
        // The service was asked in time and answers late: whether that comes in one piece must not decide on it.
        exchange.tokenTimer(verdict.expiry > now ? verdict.expiry : now + Self.lateAnswerGrace)
    }

    func remove(_ exchange: Exchange) {
        let index = exchange.streamIndex
        guard index >= 0 else { return }
        exchange.streamIndex = -1
        let last = exchanges.removeLast()
        guard last !== exchange else { return }
        exchanges[index] = last
        last.streamIndex = index
    }

    /// Ends those whose verdict is over before its time: a revocation names a token, a user, or all.
    func end(where isOver: (Verdict) -> Bool) {
        let over = exchanges.filter { exchange in exchange.verdict.map(isOver) ?? false }
        for exchange in over { exchange.endWithToken() }
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
        let timer = tokenEnd ?? LoopTimer(loop: worker.loop) { [unowned self] in endWithToken() }
        tokenEnd = timer
        timer.set(expiry)
    }

    /// The token is good no longer: a tunnel is closed on both sides, an answer broken off, so that nobody takes what
    /// came of it for the whole.
    func endWithToken() {
        guard let connection else { return }
        worker.counters.tokenEnds &+= 1
        guard tunnel == nil else { return connection.abort() }
        guard connection.hasResponse else { return fail(.client(.refused(.ended))) }
        breakOff(connection)
    }
}
