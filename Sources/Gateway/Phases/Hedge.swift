import Shared

/// The second of two instances that were sent one request, while neither has begun to answer.
struct Hedge {
    let connection: ClientConnection
    let instance: InstancePool
    /// When its head was written, on the loop's clock.
    let sentAt: UInt64
}

/// A GET or HEAD whose answer takes long is asked of a second instance too, where the service says so (`hedge`). The one
/// that begins to answer first is heard, the other is given up.
extension Exchange {
    /// Sets the time after which a second instance is asked.
    func armHedge(_ connection: ServerConnection, _ service: ServicePool) {
        let head = connection.head
        guard attempts == 1, head.method == .get || head.method == .head, !head.hasBody, !isUpgrade,
            service.instances.count > 1
        else { return }
        let timer = hedgeTimer ?? LoopTimer(loop: worker.loop) { [unowned self] in hedgeIsDue() }
        hedgeTimer = timer
        timer.set(after: service.rule.hedge)
    }

    private func hedgeIsDue() {
        guard let connection, let rule, upstream != nil, let instance, hedge == nil, latency == 0,
            !connection.hasResponse
        else { return }
        let service = table.services[rule.service]
        guard let other = service.choose(InstanceChoice(except: instance)), other !== instance, !other.isFailed,
            other.state.isOpen
        else { return }
        guard service.shield.budget.spend(now: worker.loop.now) else {
            worker.counters.refusedRetries &+= 1
            return
        }
        guard let second = other.reuse(once: false) ?? (try? other.connect()) else { return }
        worker.counters.hedges &+= 1
        hedge = Hedge(connection: second, instance: other, sentAt: worker.loop.now)
        second.begin(
            self, method: connection.head.method, connectDeadline: service.rule.timeouts.connect,
            responseDeadline: timeLeft(rule))
        writeHead(connection, service.rule, to: second.stream)
        second.endRequest()
    }

    /// What is left of the time for an answer, in nanoseconds; 1ms at least.
    func timeLeft(_ rule: RouteRule) -> UInt64 {
        let spent = worker.loop.now &- sentAt
        var left = rule.timeout > spent ? rule.timeout - spent : 0
        if let total, total.deadline != LoopTimer.never {
            left = min(left, total.deadline > worker.loop.now ? total.deadline - worker.loop.now : 0)
        }
        return max(1_000_000, left)
    }

    /// One of the two has begun to answer: the other is given up.
    func settleHedge(on winner: ClientConnection) {
        guard let hedge else { return }
        if winner === hedge.connection {
            worker.counters.wonHedges &+= 1
            giveUpFirst()
        } else {
            giveUpHedge()
        }
    }

    /// Gives up the second of the two.
    func giveUpHedge() {
        guard let hedge, let rule else { return }
        self.hedge = nil
        table.services[rule.service].record(.abandoned, of: hedge.instance, latency: 0)
        hedge.instance.lose(hedge.connection)
    }

    /// Gives up the first of the two; the second takes its place.
    private func giveUpFirst() {
        report(.abandoned)
        if let upstream { instance?.lose(upstream) }
        promoteHedge()
    }

    private func promoteHedge() {
        guard let hedge else { return }
        upstream = hedge.connection
        instance = hedge.instance
        sentAt = hedge.sentAt
        self.hedge = nil
    }

    /// One of the two failed: the other is waited for.
    func hedgedDidFail(_ failed: ClientConnection, _ failure: ClientFailure) {
        guard let hedge, let rule, let instance else { return }
        let isDown = if case .connect = failure.kind { true } else { failure.kind == .connectTimeout }
        let outcome = Self.outcome(failure)
        if failed === hedge.connection {
            self.hedge = nil
            table.services[rule.service].record(outcome, of: hedge.instance, latency: 0)
            hedge.instance.lose(failed, isInstanceDown: isDown)
        } else {
            report(outcome)
            instance.lose(failed, isInstanceDown: isDown)
            promoteHedge()
        }
    }
}
