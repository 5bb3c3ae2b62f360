/// Opens a failed store again: one attempt at a time, and a pause after one that failed, however many requests find
/// the store closed. An attempt may wait for a lock, and those who waited for it meanwhile share its failure.
actor StoreReopener {
    static let pause: Duration = .milliseconds(250)

    private let now: @Sendable () -> ContinuousClock.Instant
    private var lastFailure: (error: StoreError, at: ContinuousClock.Instant)?

    init(now: @escaping @Sendable () -> ContinuousClock.Instant) {
        self.now = now
    }

    /// - Parameter connection: what is open already, if anything; asked first, because another may have opened it.
    func connection(
        _ connection: @Sendable () -> StoreConnection?, opening open: @Sendable () throws(StoreError) -> StoreConnection
    ) throws(StoreError) -> StoreConnection {
        if let connection = connection() { return connection }
        if let lastFailure, now() - lastFailure.at < Self.pause { throw lastFailure.error }
        do throws(StoreError) {
            let connection = try open()
            lastFailure = nil
            return connection
        } catch {
            lastFailure = (error, now())
            throw error
        }
    }
}
