import Shared

extension Exchange {
    /// Tells the instance, if there is one, what became of the attempt under way. Before its connection is given back.
    func report(_ outcome: InstanceOutcome) {
        guard let instance, let rule else { return }
        table.services[rule.service].record(outcome, of: instance, latency: latency)
    }

    /// Counts what was served.
    func record() {
        worker.counters.completed &+= 1
    }
}
