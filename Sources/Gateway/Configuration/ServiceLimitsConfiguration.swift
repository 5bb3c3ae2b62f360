import Shared

/// `limits:` in a service's file: what is sent to it at once. Without it nothing is counted: all services together have as
/// many exchanges as the process has `connections`.
///
/// - `in_flight`: exchanges at once, answers that stream and tunnels included; on all loops together.
/// - `pending` (as many as `in_flight`): requests that wait for a place; one more is 503 at once. 0 for none.
/// - `wait` (1s): how long they wait.
/// - `adaptive` (false): learn how many the service can do at once (`AdaptiveLimit`).
struct ServiceLimitsConfiguration: Sendable, Equatable {
    /// 0 for no limit.
    var inFlight = 0
    var pending = 0
    /// Nanoseconds.
    var wait: UInt64 = 1_000_000_000
    var isAdaptive = false

    /// Whether anything is limited.
    var isOn: Bool { inFlight > 0 || isAdaptive }

    static func read(_ reader: ConfigurationReader) -> ServiceLimitsConfiguration {
        var limits = ServiceLimitsConfiguration()
        let times = ValueForm<Duration>.duration(in: .milliseconds(1) ... .seconds(60))
        limits.inFlight = reader.value("in_flight", .integer(in: 1...1_000_000), default: 0)
        limits.pending = reader.value("pending", .integer(in: 0...1_000_000), default: limits.inFlight)
        limits.wait = reader.optional("wait", times)?.nanoseconds ?? limits.wait
        limits.isAdaptive = reader.value("adaptive", .bool, default: false)
        for key in ["pending", "wait"] where reader.has(key) && !reader.has("in_flight") {
            reader.report(
                key, "`limits.\(key)` is of those who wait for a place, and nothing limits the places",
                mend: "Add `in_flight`, or take `\(key)` out.")
        }
        return limits
    }
}
