/// How many requests an instance can have in flight before they wait for each other, learnt from how long answers take.
///
/// An instance that is not busy answers within its base latency. From some number of requests on, each further one only
/// waits: by Little's law latency then grows with the number in flight, and that number is what is in flight now, divided
/// by how many times the base latency an answer takes.
struct CapacityEstimate {
    /// Nil until answers were seen that had waited.
    private(set) var capacity: Double?
    private var base: Double?

    /// Latency has to grow so many times before it counts as waiting, and up to so many it counts as none.
    static let growth = 1.5
    static let ease = 1.2
    /// How fast the estimate follows what is seen, and how slowly the base follows latencies above it: a service that has
    /// become slower for good is taken as it is after an hour or so.
    private static let smoothing = 0.3
    private static let drift = 0.0005

    /// - Parameters:
    ///   - concurrency: requests in flight at one instance.
    ///   - latency: of the half of them, in any unit.
    mutating func observe(concurrency: Double, latency: Double) {
        let base = min(self.base.map { $0 + ($0 < latency ? (latency - $0) * Self.drift : 0) } ?? latency, latency)
        self.base = base
        if latency >= base * Self.growth, concurrency >= 1 {
            let seen = max(1, concurrency * base / latency)
            capacity = capacity.map { $0 + Self.smoothing * (seen - $0) } ?? seen
        } else if let known = capacity, concurrency > known, latency <= base * Self.ease {
            // So many, and no waiting: it can do more than was thought.
            capacity = known + Self.smoothing * (concurrency - known)
        }
    }
}
