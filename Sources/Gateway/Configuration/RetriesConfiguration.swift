import Shared

/// `retries:` in a service's file: when a request that failed is sent again.
///
/// - `budget` (20%): requests that may have been received and are sent again, of a hundred that are sent for the first
///   time; beside them ten a second. `0%` for none.
/// - `attempts` (3): connections that one request is tried on, the first included.
struct RetriesConfiguration: Sendable, Equatable {
    var budget = 20
    var attempts = 3

    static func read(_ reader: ConfigurationReader) -> RetriesConfiguration {
        var retries = RetriesConfiguration()
        retries.budget = reader.value("budget", .percentage(in: 0...100), default: retries.budget)
        retries.attempts = reader.value("attempts", .integer(in: 1...10), default: retries.attempts)
        return retries
    }
}
