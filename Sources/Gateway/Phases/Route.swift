import Shared

extension Exchange {
    /// Finds the route file that the path belongs to, and sees whether it takes the method. Nil for a question of a
    /// browser beforehand, which has been answered: OPTIONS need not be among the route's methods for that.
    func route(_ connection: ServerConnection) throws(GatewayError) -> RouteRule? {
        let tree = isEgress ? table.snapshot.egress : table.snapshot.tree
        guard let tree, let match = tree.match(path, captures: &captures) else { throw .client(.notFound) }
        let rule = tree[match]
        self.rule = rule
        if let cors = rule.cors, answerOrigin(connection, cors) { return nil }
        guard rule.allows(connection.head.method) else { throw .client(.methodNotAllowed) }
        // A service that decodes before it splits would see a dot segment.
        if path.hasEncodedSlash, rule.path?.hasLonePeriods == true { throw .client(.badRequest, .path(.dotSegment)) }
        return rule
    }
}
