import FoundationEssentials
import Shared

/// A file in `services/`: `NAME.yaml` says where the service NAME is, and what it is told.
///
/// - `instances`: an address or a list: `unix:/run/name.sock`, `unix:/run/name/*.sock` (every socket in the folder),
///   `http://127.0.0.1:8080`, `https://backend.example`; `{address: …, weight: N}` for another share than 1.
/// - `url`, in place of `instances`: a service of somebody else, `https://api.weather.example/v1`.
/// - `allow_private`: whether a name may lead to private addresses; `false` with `url`, `true` with `instances`.
/// - `tls`: see `ServiceTLSConfiguration`.
/// - `oauth`: see `OAuthConfiguration`.
/// - `timeouts`: see `TimeoutsConfiguration`.
/// - `forwarding`: `x-forwarded` (default with `instances`), `forwarded` or `none` (default with `url`).
/// - `identity`: whether it is told who asks; `true` with `instances`, `false` with `url`.
/// - `balance`, `slow_start`, `eject`: see `BalanceConfiguration`; `health`: see `HealthRule`.
/// - `retries`: see `RetriesConfiguration`; `limits`: see `ServiceLimitsConfiguration`.
/// - `hedge`: how long the answer to a GET or HEAD may take before another instance is asked as well; never without it.
/// - `deadline`: whether it is told how long an answer is waited for; `true` with `instances`, `false` with `url`.
/// - `mask`: see `MaskConfiguration`; what a route says goes before it.
/// - `owner`: a user or a list: who may own the sockets and listen on them, besides root; see `OwnerRule`.
/// - `unit`: the template of its instances' units (`postern-NAME@.service`).
/// - `scale`: see `ScaleConfiguration`.
/// - `headers`, `basic`: see `HeadersConfiguration`; what a route says of a field counts more.
struct ServiceConfiguration: Sendable {
    let name: String
    let file: String
    let instances: [InstanceSource]
    /// Of each of `instances`; none where all are the same.
    var weights: [Int] = []
    var url: ServiceURL?
    var forwarding: ServiceRule.Forwarding?
    var tellsIdentity: Bool?
    var timeouts = TimeoutsConfiguration()
    var retries = RetriesConfiguration()
    var limits = ServiceLimitsConfiguration()
    /// Nanoseconds; 0 for never.
    var hedge: UInt64 = 0
    var tellsDeadline: Bool?
    var mask = MaskConfiguration.Part()
    var headers = HeadersConfiguration()
    var oauth: OAuthConfiguration?
    var balance = BalanceConfiguration()
    /// How its instances are checked; nil where they are not.
    var health: HealthRule?
    /// False where a check would start what is stopped on purpose.
    var isCheckedWhenIdle = true
    /// It has `oauth`, whose secrets may not have been read.
    var needsToken = false
    /// Who may own its sockets; nil where the file does not say. By their numbers: see `lookUpUsers`.
    var owners: [AllowedUser]?
    private(set) var ownerRule = OwnerRule.standard
    var unit: String
    /// How many instances are kept by `postern autoscale`; nil for as many as the operator says.
    var scale: ServiceReport.Scale?

    /// - Parameter directory: the folder of the configuration.
    static func readAll(
        in directory: String, runDirectory: String, credentials: Credentials, problems: ConfigurationProblems
    ) -> [ServiceConfiguration] {
        let folder = "\(directory)/services"
        return ConfigurationFolder.files(in: folder, problems: problems).map { name in
            let reader = ConfigurationReader(file: "\(folder)/\(name).yaml", problems: problems)
            return read(reader, name: name, directory, runDirectory, credentials)
        }
    }

    /// After a problem too there is a service, so that routes find it by its name.
    private static func read(
        _ reader: ConfigurationReader, name: String, _ directory: String, _ runDirectory: String,
        _ credentials: Credentials
    ) -> ServiceConfiguration {
        var (instances, weights, url) = place(reader, name, runDirectory)
        if let allowsPrivate = reader.optional("allow_private", .bool) {
            instances = instances.map { $0.allowingPrivate(allowsPrivate) }
        }
        let tls = reader.optional("tls", .mapping).map {
            ServiceTLSConfiguration.read($0, directory: directory, credentials: credentials)
        }
        instances = secure(instances, tls, reader)
        let forwarding = reader.optional("forwarding", ValueForm<ServiceRule.Forwarding>.word)
        let tellsIdentity = reader.optional("identity", .bool)
        let timeouts = reader.optional("timeouts", .mapping).map(TimeoutsConfiguration.read)
        let balance = BalanceConfiguration.read(reader)
        let health = reader.optional("health", .mapping).map(HealthRule.read)
        let retries = reader.optional("retries", .mapping).map(RetriesConfiguration.read)
        let limits = reader.optional("limits", .mapping).map(ServiceLimitsConfiguration.read)
        let hedge = reader.optional("hedge", .duration(in: .milliseconds(1) ... .seconds(60)))
        let tellsDeadline = reader.optional("deadline", .bool)
        let mask = reader.optional("mask", .mapping).map { MaskConfiguration.Part.read($0) }
        let headers = HeadersConfiguration(file: reader)
        let oauth = reader.optional("oauth", .mapping).flatMap {
            OAuthConfiguration.read(
                $0, directory: directory, allowsPrivate: reader.value("allow_private", .bool, default: url == nil),
                credentials: credentials)
        }
        if reader.has("oauth"), reader.has("basic") {
            reader.report(
                "oauth", "`oauth` and `basic` both say what `Authorization` is", mend: "Take one of them out.")
        }
        let owners = reader.optional("owner", .list(of: .allowedUser))
        let unit = reader.optional("unit", .templateUnit)
        let scale = reader.optional("scale", .mapping).flatMap(ScaleConfiguration.read)
        if scale != nil, !instances.isEmpty, !instances.contains(where: { $0.pattern != nil }) {
            reader.report(
                "scale", "`scale` is for services whose instances come and go in a folder",
                mend: "Write `instances: unix:\(name)/*.sock`, or take `scale` out.")
        }
        reader.finish()
        return ServiceConfiguration(
            name: name, file: reader.place.file, instances: instances, weights: weights, url: url,
            forwarding: forwarding,
            tellsIdentity: tellsIdentity, timeouts: timeouts ?? TimeoutsConfiguration(),
            retries: retries ?? RetriesConfiguration(), limits: limits ?? ServiceLimitsConfiguration(),
            hedge: hedge?.nanoseconds ?? 0, tellsDeadline: tellsDeadline,
            mask: mask ?? MaskConfiguration.Part(), headers: headers, oauth: oauth,
            balance: balance, health: health,
            // A check would start what sleeps.
            isCheckedWhenIdle: scale?.minimum != 0,
            needsToken: reader.has("oauth"), owners: owners,
            // Until their numbers are known it is root alone.
            ownerRule: owners == nil ? .standard : .users([]), unit: unit ?? ServiceReport.standardUnit(of: name),
            scale: scale)
    }

    /// Where it is: by `instances` or by `url`, not by both.
    private static func place(
        _ reader: ConfigurationReader, _ name: String, _ runDirectory: String
    ) -> ([InstanceSource], weights: [Int], ServiceURL?) {
        guard reader.has("url") else {
            let instances = reader.required(
                "instances", .list(of: ValueForm<WeightedSource>.instances(relativeTo: runDirectory)),
                example: "unix:/run/\(name).sock")
            // A key that may be there instead.
            _ = reader.optional("url", .serviceURL)
            return ((instances ?? []).map(\.source), (instances ?? []).map(\.weight), nil)
        }
        let url = reader.optional("url", .serviceURL)
        if reader.has("instances") {
            _ = reader.optional("instances", .node)
            reader.report(
                "url", "a service has `instances` or a `url`, not both",
                mend: "Take one of them out: `instances` are yours, a `url` is somebody else's.")
        }
        return (url.map { [.endpoint(Endpoint(url: $0, allowsPrivate: false))] } ?? [], [], url)
    }

    /// Gives addresses with `https` what they are secured by.
    private static func secure(
        _ instances: [InstanceSource], _ tls: ServiceTLSConfiguration?, _ reader: ConfigurationReader
    ) -> [InstanceSource] {
        if tls != nil, !instances.isEmpty, !instances.contains(where: \.isSecure) {
            reader.report(
                "tls", "the service has `tls`, and no address that begins with https://",
                mend: "Write https:// where it speaks TLS, or take `tls` out.")
        }
        return instances.map { source in
            do throws(TLSMaterialError) {
                return try source.secured(tls?.settings ?? UpstreamTLS.Settings(), as: tls?.serverName)
            } catch {
                reader.report(tls == nil ? "url" : "tls", "`tls`: \(error.message)", mend: error.mend)
                return source
            }
        }
    }

    /// Looks up the users of `owner`; not part of reading, for a check may run on another machine.
    mutating func lookUpUsers() throws(ConfigurationError) {
        if let users = try AllowedUser.resolve(owners) { ownerRule = .users(users) }
    }

    /// Folders in which its instances come and go.
    var folders: [String] { instances.compactMap(\.pattern?.folder) }

    /// The sockets that are there for it, those that are refused too.
    func sockets(in table: SocketTable) -> [SocketPattern.Match] {
        instances.compactMap(\.pattern).flatMap { $0.matches(in: table, ownerRule) }
    }

    /// Who may listen on the sockets of its instances; without an entry, whoever does. A socket that the file names by
    /// itself is looked at where the file says whose it is.
    func peers(in table: SocketTable) -> [InstanceAddress: Set<UInt32>] {
        var peers: [InstanceAddress: Set<UInt32>] = [:]
        if case .users(let users) = ownerRule {
            for case .fixed(.unix(let path)) in instances { peers[.unix(path: path)] = users.union([0]) }
        }
        for match in sockets(in: table) where !match.isRefused { peers[.unix(path: match.path)] = match.users }
        return peers
    }

    /// What the loops work with, with the instances that there are now.
    /// - Parameter sockets: what the folders of instances hold.
    func rule(_ known: OutsideTable = OutsideTable(), _ sockets: SocketTable = SocketTable()) -> ServiceRule {
        var origins = UpstreamOrigins()
        for case .endpoint(let endpoint) in instances {
            origins.add(UpstreamOrigins.Authority(host: endpoint.url.hostText, port: endpoint.url.port))
        }
        var addresses: [InstanceAddress] = []
        var weights: [Int] = []
        for (place, source) in instances.enumerated() {
            let found = source.resolve({ known[$0] }, sockets: sockets, owners: ownerRule)
            addresses += found
            weights += found.map { _ in place < self.weights.count ? self.weights[place] : 1 }
        }
        return ServiceRule(
            name: name, file: file, instances: addresses, url: url,
            forwarding: forwarding,
            tellsIdentity: tellsIdentity, timeouts: timeouts, retries: retries, limits: limits, hedge: hedge,
            tellsDeadline: tellsDeadline,
            isNamed: instances.contains { if case .endpoint = $0 { true } else { false } }, oauth: oauth,
            token: oauth.flatMap { known.tokens[$0] }, needsToken: needsToken, origins: origins,
            balance: balance, weights: weights, health: health, isCheckedWhenIdle: isCheckedWhenIdle)
    }
}
