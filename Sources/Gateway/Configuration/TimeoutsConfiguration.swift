import Shared

/// `timeouts:` in a service's file: how long its instances may take. In nanoseconds, for the byte path.
///
/// - `connect` (3s): for a connection to stand, TLS included.
/// - `first_byte` (30s): for the answer to begin, and between its pieces; a route's `timeout` goes before it.
/// - `total`: for the whole exchange; without it an answer may last. A tunnel is not bounded by it.
struct TimeoutsConfiguration: Sendable, Equatable {
    var connect: UInt64 = 3_000_000_000
    var firstByte: UInt64 = 30_000_000_000
    /// 0 for no bound.
    var total: UInt64 = 0

    static func read(_ reader: ConfigurationReader) -> TimeoutsConfiguration {
        let times = ValueForm<Duration>.duration(in: .milliseconds(1) ... .seconds(86400))
        let connect = ValueForm<Duration>.duration(in: .milliseconds(1) ... .seconds(300))
        var timeouts = TimeoutsConfiguration()
        timeouts.connect = reader.optional("connect", connect)?.nanoseconds ?? timeouts.connect
        timeouts.firstByte = reader.optional("first_byte", times)?.nanoseconds ?? timeouts.firstByte
        timeouts.total = reader.optional("total", times)?.nanoseconds ?? timeouts.total
        return timeouts
    }
}
