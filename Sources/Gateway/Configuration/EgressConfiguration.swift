import Shared

/// `egress:` in postern.yaml: the Unix socket on which local services reach the routes of `egress/`, and nothing else.
/// In short its path (`unix:gateway/egress.sock`), or
///
/// - `listen`: its path (required).
/// - `allow_users`: users, by name or number, whose processes may ask (SO_PEERCRED); whoever may open the socket without
///   it.
struct EgressConfiguration: Sendable, Equatable {
    let listen: ListenAddress
    let allowedUsers: [AllowedUser]?

    static func read(_ node: ConfigurationNode, runDirectory: String) -> EgressConfiguration? {
        guard node.isMapping else {
            let listen = node.read(as: ValueForm<ListenAddress>.socketPath(relativeTo: runDirectory))
            return listen.map { EgressConfiguration(listen: $0, allowedUsers: nil) }
        }
        guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
        let listen = reader.required(
            "listen", .socketPath(relativeTo: runDirectory), example: "unix:gateway/egress.sock")
        let users = reader.optional("allow_users", .list(of: .allowedUser))
        return listen.map { EgressConfiguration(listen: $0, allowedUsers: users) }
    }
}
