import Shared

extension Exchange {
    /// Counts what was served.
    func record() {
        worker.counters.completed &+= 1
    }
}
