import Shared

/// The whole configuration of the gateway: `postern.yaml`, `services/`, `routes/` and `hosts/`.
struct GatewayConfiguration: Sendable {
    let main: MainConfiguration
    private(set) var services: [ServiceConfiguration]
    let routes: RouteTree<RouteRule>
    /// Nil without the folder.
    let hosts: HostTrees?
    /// The routes of the egress socket.
    let egress: RouteTree<RouteRule>
    /// The users of `egress: {allow_users: …}` by their numbers; see `lookUpUsers`.
    private var egressUsers: Set<UInt32>?

    /// Reads all files below `directory`. Relative paths of sockets are below `runDirectory`.
    /// Throws all problems at once.
    static func load(
        directory: String, runDirectory: String, credentials: Credentials
    ) throws(ConfigurationError) -> GatewayConfiguration {
        let problems = ConfigurationProblems()
        let main = MainConfiguration.read(
            "\(directory)/postern.yaml", runDirectory: runDirectory, credentials: credentials, problems: problems)
        let services = ServiceConfiguration.readAll(
            in: directory, runDirectory: runDirectory, credentials: credentials, problems: problems)
        let context = RouteContext(
            services: services,
            // What postern.yaml says of it is not known where the file has problems of its own.
            asksForVerdicts: main.map { $0.verify != nil } ?? true, credentials: credentials, problems: problems)
        let hosts = HostsFolder.read("\(directory)/hosts", context)
        // With hosts alone there is nothing for the others.
        let hasRoutes = hosts == nil || ConfigurationFolder.exists("\(directory)/routes")
        let routes = hasRoutes ? RouteFolder.read("\(directory)/routes", context) : try? RouteTree([])
        var egress = readEgress("\(directory)/egress", main: main, context)
        let keys = main?.egress.map { _ in IssuerKeyRoutes(in: directory, first: services.count, context) }
        if let keys, let files = egress { egress = keys.joined(with: files, context) }
        try problems.throwIfAny()
        guard let main, let routes, let egress else { throw ConfigurationError(problems.found) }
        return GatewayConfiguration(
            main: main, services: services + (keys?.services ?? []), routes: routes, hosts: hosts, egress: egress)
    }

    private init(
        main: MainConfiguration, services: [ServiceConfiguration], routes: RouteTree<RouteRule>,
        hosts: HostTrees?, egress: RouteTree<RouteRule>
    ) {
        self.main = main
        self.services = services
        self.routes = routes
        self.hosts = hosts
        self.egress = egress
        // Until their numbers are known none of them is let in.
        egressUsers = main.egress?.allowedUsers == nil ? nil : []
    }

    private static func readEgress(
        _ folder: String, main: MainConfiguration?, _ context: RouteContext
    ) -> RouteTree<RouteRule>? {
        // Issuers' keys may be all that is asked for there.
        guard ConfigurationFolder.exists(folder) else { return try? RouteTree([]) }
        if let main, main.egress == nil {
            context.problems.report(
                ConfigurationPlace(file: folder), "postern.yaml does not say where these routes are served",
                mend: "Add to postern.yaml: `egress: unix:gateway/egress.sock`.")
        }
        var context = context
        context.isEgress = true
        return RouteFolder.read(folder, context)
    }

    /// Looks up the users who may ask on the egress socket, and who may own sockets of services. Not part of reading: a
    /// check may run on another machine.
    mutating func lookUpUsers() throws(ConfigurationError) {
        var problems: [ConfigurationProblem] = []
        do throws(ConfigurationError) {
            egressUsers = try AllowedUser.resolve(main.egress?.allowedUsers)
        } catch {
            problems += error.problems
        }
        for index in services.indices {
            do throws(ConfigurationError) { try services[index].lookUpUsers() } catch { problems += error.problems }
        }
        guard problems.isEmpty else { throw ConfigurationError(problems) }
    }

    /// Folders in which instances come and go.
    var folders: Set<String> { Set(services.flatMap(\.folders)) }

    /// Names that are to be looked up.
    var names: Set<ServiceName> {
        let tokens = tokens.compactMap { InstanceSource.endpoint($0.endpoint).name }
        return Set(services.flatMap { $0.instances.compactMap(\.name) } + tokens)
    }

    /// Tokens that are to be had.
    var tokens: Set<OAuthConfiguration> { Set(services.compactMap(\.oauth)) }

    /// The routes that a request for `host` meets, and the host's place in `hosts`.
    func routes(for host: String?) -> (tree: RouteTree<RouteRule>, host: Int?) {
        guard let host, let hosts, let index = hosts.index(of: host) else { return (routes, nil) }
        return (hosts.hosts[index].tree, index)
    }

    /// Addresses that are used when they have passed a check, where they are new: those that came to a folder, and those
    /// that came beside others which go on. Where there is nothing else they are used at once.
    private func joining(_ rules: [ServiceRule], _ states: InstanceStates) -> Set<InstanceAddress> {
        var joining: Set<InstanceAddress> = []
        for (service, rule) in zip(services, rules) where rule.health != nil && rule.isCheckedWhenIdle {
            let hasFolder = service.instances.contains { if case .folder = $0 { true } else { false } }
            let hasOthers = rule.instances.contains { states[$0]?.isOpen == true }
            joining.formUnion(
                rule.instances.filter { address in
                    if hasOthers { return true }
                    guard hasFolder, case .unix = address else { return false }
                    return true
                })
        }
        return joining
    }

    /// The state that the loops work with, with the instances that there are now.
    /// - Parameters:
    ///   - states: what is known of the instances; those of no others are kept.
    ///   - sockets: what the folders of instances hold; nil has them looked at now.
    func snapshot(
        _ known: OutsideTable = OutsideTable(), _ states: InstanceStates = InstanceStates(),
        sockets given: SocketTable? = nil
    ) -> Snapshot {
        let sockets = given ?? SocketTable(folders)
        let rules = services.map { $0.rule(known, sockets) }
        let addresses = rules.flatMap(\.instances) + (main.verify.map { [$0] } ?? [])
        return Snapshot(
            tree: routes, hosts: hosts, egress: egress, egressUsers: egressUsers,
            services: rules, verify: main.verify, verdictGrace: main.verdictGrace.nanoseconds,
            tokenCookies: main.tokenCookies, states: states.keep(addresses, joining: joining(rules, states)),
            peers: peers(in: sockets), loads: states.services.keep(rules))
    }

    /// Who may listen on the sockets of instances. Where several services name one, it has to be right for all of them.
    private func peers(in sockets: SocketTable) -> [InstanceAddress: PeerRule] {
        services.reduce(into: [InstanceAddress: Set<UInt32>]()) { all, service in
            all.merge(service.peers(in: sockets)) { $0.intersection($1) }
        }.mapValues(PeerRule.init)
    }
}
