import Shared

/// Services whose `limits` say how much they are given at once. What is too much waits a moment for a place, or is refused
/// at once: an answer that says so early is worth more than one that comes too late.
extension Exchange {
    /// Takes a place at the service. False where the request waits for one: `placeDidCome` goes on then.
    func hold(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) -> Bool {
        let service = table.services[rule.service]
        let limits = service.rule.limits
        if limits.isAdaptive {
            guard service.shield.waiting < service.shield.limit.current else {
                worker.counters.shedRequests &+= 1
                throw .upstream(.overloaded)
            }
            beginAwaiting(service.shield)
        }
        guard limits.inFlight > 0 else { return true }
        let load = service.shield.load
        switch load.enter(pending: limits.pending, turn: { turn(at: load) }) {
        case .entered:
            held = load
            return true
        case .full:
            worker.counters.fullServices &+= 1
            throw .upstream(.overloaded)
        case .waits(let number):
            worker.counters.waits &+= 1
            held = load
            place = number
            let timer = placeTimer ?? LoopTimer(loop: worker.loop) { [unowned self] in placeDidNotCome() }
            placeTimer = timer
            timer.set(after: limits.wait)
            return false
        }
    }

    /// Takes the word that there is a place to this loop.
    private func turn(at load: ServiceLoad) -> ServiceLoad.Turn {
        let bound = LoopBound(self, loop: worker.loop)
        let number = self.number
        return { bound.execute { exchange, _ in exchange.placeDidCome(number, load) } }
    }

    private func placeDidCome(_ number: UInt64, _ load: ServiceLoad) {
        // It has left meanwhile, and may be another's by now.
        guard self.number == number, place > 0, held === load else { return load.leave() }
        place = 0
        placeTimer?.cancel()
        guard let connection, let rule else { return }
        do throws(GatewayError) {
            try select(rule)
            try forward(connection, rule)
        } catch {
            fail(error)
        }
    }

    private func placeDidNotCome() {
        guard connection != nil, place > 0 else { return }
        worker.counters.longWaits &+= 1
        fail(.upstream(.overloaded))
    }

    /// Gives back what the request holds of the service, or gives up to wait for it.
    func release() {
        if awaited != nil { endAwaiting() }
        guard let held else { return }
        self.held = nil
        if place > 0 {
            placeTimer?.cancel()
            // A place that was given meanwhile is given back when its word comes.
            _ = held.giveUp(place)
            place = 0
        } else {
            held.leave()
        }
    }

    // MARK: The limit that is learnt

    private func beginAwaiting(_ shield: ServiceShield) {
        shield.waiting += 1
        awaited = shield
    }

    /// The answer has begun, or none will.
    func endAwaiting() {
        awaited?.waiting -= 1
        awaited = nil
    }

    /// Learns from an answer, or from the time that was waited for one in vain.
    func learn(_ latency: UInt64) {
        guard let awaited else { return }
        awaited.limit.note(latency: latency, waiting: awaited.waiting, now: worker.loop.now)
    }
}
