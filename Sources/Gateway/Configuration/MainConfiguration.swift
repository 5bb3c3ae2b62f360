import CLinux
import Shared

/// `postern.yaml`: the gateway itself.
///
/// - `listen`: an address or a list (`127.0.0.1:3000`, `[::1]:3000`, `localhost:3000`, `*:80`, `unix:/path`).
///   Sockets that systemd passes under the name `http` are used in its place.
/// - `verify`: the socket of the auth service where verdicts are asked (`unix:auth/verify.sock`).
/// - `threads`: event loops; by default one a processor.
/// - `limits`: see `LimitsConfiguration`.
/// - `control`: the socket where `postern reload` asks (`unix:gateway/control.sock`), or `none`.
/// - `egress`: the socket of the routes in `egress/`, see `EgressConfiguration`.
/// - `resolver`: see `ResolverConfiguration`.
/// - `drain`: how long requests under way may take after SIGTERM (30s).
struct MainConfiguration: Sendable {
    let listen: [ListenAddress]
    let verify: InstanceAddress?
    let threads: Int
    let limits: ServerLimits
    let drain: Duration
    let control: ControlConfiguration
    /// Clients whose rates are kept at once.
    let rateKeys: Int
    /// Where local services reach what is outside; nil for nowhere.
    let egress: EgressConfiguration?
    var resolver = ResolverConfiguration()

    /// Reads the file; nil after a problem with one of the addresses.
    static func read(_ file: String, runDirectory: String, problems: ConfigurationProblems) -> MainConfiguration? {
        let reader = ConfigurationReader(file: file, problems: problems)
        let listen = reader.required(
            "listen", .list(of: .listenAddress(relativeTo: runDirectory)), example: "127.0.0.1:3000")
        let verify = reader.optional("verify", .instance(relativeTo: runDirectory))
        let threads = reader.value("threads", .integer(in: 1...256), default: processors)
        let limitReader = reader.optional("limits", .mapping)
        let limits = limitReader.map(LimitsConfiguration.read) ?? ServerLimits()
        let rateKeys = limitReader.map(LimitsConfiguration.readRateKeys) ?? RateLimiter.defaultKeys
        let egress = reader.optional("egress", .node).map { EgressConfiguration.read($0, runDirectory: runDirectory) }
        let drain = reader.value("drain", .duration(in: .seconds(0) ... .seconds(3600)), default: .seconds(30))
        let control = ControlConfiguration.read(reader, runDirectory: runDirectory)
        let resolver = reader.optional("resolver", .mapping).map(ResolverConfiguration.read)
        reader.finish()
        guard let listen, verify != nil || !reader.has("verify") else { return nil }
        return MainConfiguration(
            listen: listen, verify: verify, threads: threads, limits: limits, drain: drain, control: control,
            rateKeys: rateKeys, egress: egress ?? nil, resolver: resolver ?? ResolverConfiguration())
    }

    /// The keys that differ from `running`, and that a reload does not take into use.
    func keysForRestart(since running: MainConfiguration) -> [String] {
        var keys: [String] = []
        if listen != running.listen { keys.append("listen") }
        if threads != running.threads { keys.append("threads") }
        if limits != running.limits || rateKeys != running.rateKeys { keys.append("limits") }
        if drain != running.drain { keys.append("drain") }
        if control != running.control { keys.append("control") }
        if egress?.listen != running.egress?.listen { keys.append("egress") }
        return keys
    }

    /// Processors that this process may use (sched_getaffinity(2), which systemd's CPUAffinity= sets).
    private static var processors: Int { max(1, Int(postern_processors())) }
}
