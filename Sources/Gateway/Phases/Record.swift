import Shared

extension Exchange {
    /// Tells the instance, if there is one, what became of the attempt under way. Before its connection is given back.
    func report(_ outcome: InstanceOutcome) {
        guard let instance, let rule else { return }
        if table.services[rule.service].record(outcome, of: instance, latency: latency) {
            worker.counters.ejections &+= 1
        }
    }

    /// The answer has begun: where somebody wants to know how soon.
    @inline(__always) func noteLatency(_ status: Int) {
        guard let rule, let instance else { return }
        let service = table.services[rule.service]
        if service.rule.watchesLatency { service.didAnswer(instance, status: status, latency: latency) }
    }

    /// Counts what was served.
    func record() {
        worker.counters.completed &+= 1
    }
}
