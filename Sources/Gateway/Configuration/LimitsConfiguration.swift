import Shared

/// `limits:` in `postern.yaml`: what a client may use up. Each has a default.
///
/// - `request_line` (8KiB), `field` (16KiB), `fields` (100), `head` (32KiB)
/// - `head_deadline` (10s) for a head to come; `idle` (75s) between requests
/// - `body_rate` (500 bytes a second) of a request's body, measured over `body_deadline` (30s)
/// - `write_rate` (500 bytes a second) taken of what waits for a client, measured over `write_deadline` (30s)
/// - `tunnel_idle` (1h) without a byte in either direction of a tunnel (WebSocket)
/// - `requests` (1000000) on one connection
/// - `rate_keys` (65536): clients and users whose rates are kept at once, of the process
/// - `connections` (10000) in all, of the process; `connections_per_client` (1000) of one address
enum LimitsConfiguration {
    static func read(_ reader: ConfigurationReader) -> ServerLimits {
        var limits = ServerLimits()
        let sizes = ValueForm<Int>.byteSize(in: 256...1 << 18)
        let rates = ValueForm<Int>.byteSize(in: 0...1 << 30)
        let times = ValueForm<Duration>.duration(in: .milliseconds(10) ... .seconds(86400))
        limits.head.startLine = reader.value("request_line", sizes, default: limits.head.startLine)
        limits.head.fieldLine = reader.value("field", sizes, default: limits.head.fieldLine)
        limits.head.fields = reader.value("fields", .integer(in: 1...1000), default: limits.head.fields)
        limits.head.head = reader.value("head", sizes, default: limits.head.head)
        limits.headDeadline = reader.optional("head_deadline", times)?.nanoseconds ?? limits.headDeadline
        limits.idleDeadline = reader.optional("idle", times)?.nanoseconds ?? limits.idleDeadline
        limits.bodyDeadline = reader.optional("body_deadline", times)?.nanoseconds ?? limits.bodyDeadline
        limits.bodyRate = reader.value("body_rate", rates, default: limits.bodyRate)
        limits.writeRate = reader.value("write_rate", rates, default: limits.writeRate)
        limits.writeDeadline = reader.optional("write_deadline", times)?.nanoseconds ?? limits.writeDeadline
        limits.tunnelIdleDeadline = reader.optional("tunnel_idle", times)?.nanoseconds ?? limits.tunnelIdleDeadline
        limits.requestsPerConnection = reader.value(
            "requests", .integer(in: 1...Int.max), default: limits.requestsPerConnection)
        limits.connections = reader.value("connections", .integer(in: 1...Int.max), default: limits.connections)
        limits.connectionsPerClient = reader.value(
            "connections_per_client", .integer(in: 1...Int.max), default: limits.connectionsPerClient)
        return limits
    }

    static func readRateKeys(_ reader: ConfigurationReader) -> Int {
        reader.value("rate_keys", .integer(in: 1024...1 << 24), default: RateLimiter.defaultKeys)
    }
}
