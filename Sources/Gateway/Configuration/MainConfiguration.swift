import CLinux
import Glibc
import Shared

/// `postern.yaml`: the gateway itself.
///
/// - `listen`: an address or a list (`127.0.0.1:3000`, `[::1]:3000`, `localhost:3000`, `*:80`, `unix:/path`).
///   Sockets that systemd passes under the name `http` are used in its place.
/// - `verify`: the socket of the auth service where verdicts are asked (`unix:auth/verify.sock`).
/// - `threads`: event loops; by default one a processor.
/// - `limits`: see `LimitsConfiguration`.
/// - `drain`: how long requests under way may take after SIGTERM (30s).
struct MainConfiguration: Sendable {
    let listen: [ListenAddress]
    let verify: InstanceAddress?
    let threads: Int
    let limits: ServerLimits
    let drain: Duration

    /// Reads the file; nil after a problem with one of the addresses.
    static func read(_ file: String, runDirectory: String, problems: ConfigurationProblems) -> MainConfiguration? {
        let reader = ConfigurationReader(file: file, problems: problems)
        let listen = reader.required(
            "listen", .list(of: .listenAddress(relativeTo: runDirectory)), example: "127.0.0.1:3000")
        let verify = reader.optional("verify", .instance(relativeTo: runDirectory))
        let threads = reader.value("threads", .integer(in: 1...256), default: processors)
        let limits = reader.optional("limits", .mapping).map(LimitsConfiguration.read) ?? ServerLimits()
        let drain = reader.value("drain", .duration(in: .seconds(0) ... .seconds(3600)), default: .seconds(30))
        reader.finish()
        guard let listen, verify != nil || !reader.has("verify") else { return nil }
        return MainConfiguration(listen: listen, verify: verify, threads: threads, limits: limits, drain: drain)
    }

    /// Processors that this process may use (sched_getaffinity(2), which systemd's CPUAffinity= sets).
    private static var processors: Int { max(1, Int(postern_processors())) }
}

/// `limits:` in `postern.yaml`: what a client may use up. Each has a default.
///
/// - `request_line` (8KiB), `field` (16KiB), `fields` (100), `head` (32KiB)
/// - `head_deadline` (10s) for a head to come; `idle` (75s) between requests
/// - `body_deadline` (30s) without a byte of a body; `write_deadline` (30s) without a byte taken
/// - `requests` (1000000) on one connection
enum LimitsConfiguration {
    static func read(_ reader: ConfigurationReader) -> ServerLimits {
        var limits = ServerLimits()
        let sizes = ValueForm<Int>.byteSize(in: 256...1 << 18)
        let times = ValueForm<Duration>.duration(in: .milliseconds(10) ... .seconds(86400))
        limits.head.startLine = reader.value("request_line", sizes, default: limits.head.startLine)
        limits.head.fieldLine = reader.value("field", sizes, default: limits.head.fieldLine)
        limits.head.fields = reader.value("fields", .integer(in: 1...1000), default: limits.head.fields)
        limits.head.head = reader.value("head", sizes, default: limits.head.head)
        limits.headDeadline = reader.optional("head_deadline", times)?.nanoseconds ?? limits.headDeadline
        limits.idleDeadline = reader.optional("idle", times)?.nanoseconds ?? limits.idleDeadline
        limits.bodyDeadline = reader.optional("body_deadline", times)?.nanoseconds ?? limits.bodyDeadline
        limits.writeDeadline = reader.optional("write_deadline", times)?.nanoseconds ?? limits.writeDeadline
        limits.requestsPerConnection = reader.value(
            "requests", .integer(in: 1...Int.max), default: limits.requestsPerConnection)
        return limits
    }
}

extension Duration {
    /// Whole nanoseconds; the configuration's bounds keep them within 64 bits.
    var nanoseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(max(0, seconds)) * 1_000_000_000 + UInt64(max(0, attoseconds) / 1_000_000_000)
    }
}
