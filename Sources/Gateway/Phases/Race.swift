import Shared

/// A new connection to a service that has several addresses.
extension Exchange {
    func race(from first: InstancePool, of service: ServicePool) {
        let race = ConnectionRace(first, of: service, time: service.rule.timeouts.connect) { [unowned self] end in
            raceDidEnd(end)
        }
        self.race = race
        race.start()
    }

    private func raceDidEnd(_ end: ConnectionRace.End) {
        race = nil
        guard let connection, let rule else { return }
        switch end {
        case .connected(let upstream, let pool):
            instance = pool
            send(connection, rule, table.services[rule.service], on: upstream)
        case .failed(let isRefused):
            if isRefused { worker.counters.refusedServices &+= 1 }
            // Every address was tried: there is nobody else to ask.
            fail(.upstream(isRefused ? .upstreamFailed : .noInstance))
        }
    }

    /// Bounds the whole exchange, from its first attempt on.
    func startTotal(_ nanoseconds: UInt64) {
        guard attempts == 1 else { return }
        let timer = total ?? LoopTimer(loop: worker.loop) { [unowned self] in totalDidPass() }
        total = timer
        timer.set(after: nanoseconds)
    }

    private func totalDidPass() {
        guard connection != nil, tunnel == nil else { return }
        worker.counters.longExchanges &+= 1
        fail(.upstream(.upstreamTimeout))
    }
}
