import CLinux
import Shared

/// `postern.yaml`: the gateway itself.
///
/// - `listen`: an address or a list (`127.0.0.1:3000`, `[::1]:3000`, `localhost:3000`, `*:80`, `unix:/path`), or a mapping
///   (`ListenConfiguration`, `TLSListenConfiguration`). Sockets that systemd passes under the names `http`, `https` and
///   `redirect` are used in its place.
/// - `tls`: `{minimum_version: 1.2, kernel: false}`, of all listeners that speak TLS.
/// - `verify`: the socket of the auth service where verdicts are asked (`unix:auth/verify.sock`).
/// - `verdict_grace`: how long a verdict is used while nothing is heard of revocations (5s).
/// - `token_cookies`: names of cookies that may hold a token, eight at most; `NAME*` for all that begin so.
/// - `threads`: event loops; by default one a processor.
/// - `limits`: see `LimitsConfiguration`.
/// - `control`: the socket where `postern reload` asks (`unix:gateway/control.sock`), or `none`.
/// - `egress`: the socket of the routes in `egress/`, see `EgressConfiguration`.
/// - `resolver`: see `ResolverConfiguration`.
/// - `drain`: how long requests under way may take after SIGTERM (30s).
struct MainConfiguration: Sendable {
    let listen: [ListenConfiguration]
    /// What those that speak TLS are secured with, by the names of their sockets.
    let secured: [String: TLSListeners.Listener]
    let verify: InstanceAddress?
    let verdictGrace: Duration
    let tokenCookies: TokenCookieNames?
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
    static func read(
        _ file: String, runDirectory: String, credentials: Credentials, problems: ConfigurationProblems
    ) -> MainConfiguration? {
        let reader = ConfigurationReader(file: file, problems: problems)
        let directory = file.lastIndex(of: "/").map { String(file[..<$0]) } ?? "."
        let items = reader.required(
            "listen",
            .list(
                of: .listener(directory: directory, runDirectory: runDirectory, credentials: credentials),
                keepingGood: true),
            example: "127.0.0.1:3000")
        let tls = reader.optional("tls", .mapping)
        let minimumVersion = tls?.value("minimum_version", .word, default: TLSVersion.tls12) ?? .tls12
        let usesKernel = tls?.value("kernel", .bool, default: false) ?? false
        let listen = items.map { items in
            ListenConfiguration.named(
                items.map { item in
                    var item = item
                    item.tls?.minimumVersion = minimumVersion
                    item.tls?.usesKernel = usesKernel
                    return item
                })
        }
        let verify = reader.optional("verify", .instance(relativeTo: runDirectory))
        let verdictGrace = reader.value(
            "verdict_grace", .duration(in: .seconds(0) ... .seconds(300)), default: .seconds(5))
        let tokenCookies = readTokenCookies(reader)
        let threads = reader.value("threads", .integer(in: 1...256), default: processors)
        let limitReader = reader.optional("limits", .mapping)
        let limits = limitReader.map(LimitsConfiguration.read) ?? ServerLimits()
        let rateKeys = limitReader.map(LimitsConfiguration.readRateKeys) ?? RateLimiter.defaultKeys
        let egress = reader.optional("egress", .node).map { EgressConfiguration.read($0, runDirectory: runDirectory) }
        let drain = reader.value("drain", .duration(in: .seconds(0) ... .seconds(3600)), default: .seconds(30))
        let control = ControlConfiguration.read(reader, runDirectory: runDirectory)
        let resolver = reader.optional("resolver", .mapping).map(ResolverConfiguration.read)
        reader.finish()
        let secured = credentials.readsFiles ? load(listen ?? [], credentials, problems) : [:]
        guard let listen, verify != nil || !reader.has("verify") else { return nil }
        return MainConfiguration(
            listen: listen, secured: secured, verify: verify, verdictGrace: verdictGrace,
            tokenCookies: tokenCookies, threads: threads, limits: limits, drain: drain,
            control: control, rateKeys: rateKeys, egress: egress ?? nil,
            resolver: resolver ?? ResolverConfiguration())
    }

    private static func readTokenCookies(_ reader: ConfigurationReader) -> TokenCookieNames? {
        let names = reader.optional("token_cookies", .list(of: .cookieName)) ?? []
        if names.count > TokenCookieNames.limit {
            reader.report(
                "token_cookies", "`token_cookies` has \(names.count) names",
                mend: "Write \(TokenCookieNames.limit) at most; `NAME*` stands for all names that begin so.")
        }
        return TokenCookieNames(names)
    }

    /// Reads certificates and keys.
    private static func load(
        _ listen: [ListenConfiguration], _ credentials: Credentials, _ problems: ConfigurationProblems
    ) -> [String: TLSListeners.Listener] {
        var secured: [String: TLSListeners.Listener] = [:]
        for listener in listen {
            guard case .secured(let tls) = listener.role, secured[listener.name] == nil else { continue }
            guard credentials.areRead || !tls.files.contains(where: \.isCredential) else { continue }
            // Before a key is read.
            _ = postern_forbid_core_dumps()
            guard let tickets = TLSTickets.ofProcess, let server = tls.load(tickets: tickets, problems: problems)
            else { continue }
            secured[listener.name] = TLSListeners.Listener(configuration: tls, server: server)
        }
        return secured
    }

    /// The port to which the listener of this name sends everybody; nil for one that serves.
    func redirectPort(of name: String) -> UInt16? {
        for listener in listen where listener.name == name {
            if case .redirect(let port) = listener.role { return port }
        }
        return nil
    }

    /// What is no error yet, in a person's words.
    func warnings(now: Int64) -> [String] {
        secured.sorted { $0.key < $1.key }.flatMap { $0.value.configuration.warnings($0.value.server, now: now) }
    }

    /// The keys that differ from `running`, and that a reload does not take into use.
    func keysForRestart(since running: MainConfiguration) -> [String] {
        var keys: [String] = []
        if !ListenConfiguration.areBoundAlike(listen, running.listen) { keys.append("listen") }
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

extension ValueForm where Value == String {
    fileprivate static var cookieName: ValueForm {
        text(expected: "the name of a cookie", mend: "Write it as browsers send it; a star may stand at its end.") {
            text in
            TokenCookieNames.isName(text) ? text : nil
        }
    }
}
