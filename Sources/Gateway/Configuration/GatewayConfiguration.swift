import Shared

/// The whole configuration of the gateway: `postern.yaml`, `services/` and `routes/`.
struct GatewayConfiguration: Sendable {
    let main: MainConfiguration
    let services: [ServiceConfiguration]
    let routes: RouteTree<RouteRule>

    /// Reads all files below `directory`. Relative paths of sockets are below `runDirectory`.
    /// Throws all problems at once.
    static func load(
        directory: String, runDirectory: String, credentials: Credentials
    ) throws(ConfigurationError) -> GatewayConfiguration {
        let problems = ConfigurationProblems()
        let main = MainConfiguration.read("\(directory)/postern.yaml", runDirectory: runDirectory, problems: problems)
        let services = ServiceConfiguration.readAll(
            in: "\(directory)/services", runDirectory: runDirectory, problems: problems)
        let context = RouteContext(
            services: services,
            // What postern.yaml says of it is not known where the file has problems of its own.
            asksForVerdicts: main.map { $0.verify != nil } ?? true, credentials: credentials, problems: problems)
        let routes = RouteFolder.read("\(directory)/routes", context)
        try problems.throwIfAny()
        guard let main, let routes else { throw ConfigurationError(problems.found) }
        return GatewayConfiguration(main: main, services: services, routes: routes)
    }

    /// The state that the loops work with, with the instances that there are now.
    func snapshot() -> Snapshot {
        Snapshot(
            tree: routes,
            services: services.map { $0.rule() },
            verify: main.verify)
    }
}
