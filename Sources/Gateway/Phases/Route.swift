import Shared

extension Exchange {
    /// Finds the route file that the path belongs to, and sees whether it takes the method. Nil for a question of a
    /// browser beforehand, which has been answered: OPTIONS need not be among the route's methods for that.
    func route(_ connection: ServerConnection) throws(GatewayError) -> RouteRule? {
        let tree = isEgress ? table.snapshot.egress : tree(connection)
        guard let tree, let match = tree.match(path, captures: &captures) else { throw .client(.notFound) }
        let rule = tree[match]
        self.rule = rule
        if let cors = rule.cors, answerOrigin(connection, cors) { return nil }
        guard rule.allows(connection.head.method) else { throw .client(.methodNotAllowed) }
        // A service that decodes before it splits would see a dot segment.
        if path.hasEncodedSlash, rule.path?.hasLonePeriods == true { throw .client(.badRequest, .path(.dotSegment)) }
        return rule
    }

    /// The routes of the host that is asked: its own, where it has a folder, and those alone.
    private func tree(_ connection: ServerConnection) -> RouteTree<RouteRule> {
        guard let hosts = table.snapshot.hosts else { return table.snapshot.tree }
        let field = connection.head.fields.host
        guard field >= 0 else { return table.snapshot.tree }
        let name = connection.head.fields.lines[field].valueRange
        guard let index = connection.withHead({ bytes in hosts.index(of: bytes, name) }) else {
            return table.snapshot.tree
        }
        host = index
        return hosts.hosts[index].tree
    }
}
