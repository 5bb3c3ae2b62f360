import Shared

extension Exchange {
    /// Finds the route file that the path belongs to, and sees whether it takes the method.
    func route(_ connection: ServerConnection) throws(GatewayError) -> RouteRule {
        guard let match = table.snapshot.tree.match(path, captures: &captures) else { throw .client(.notFound) }
        let rule = table.snapshot.tree[match]
        guard rule.allows(connection.head.method) else {
            self.rule = rule
            throw .client(.methodNotAllowed)
        }
        // A service that decodes before it splits would see a dot segment.
        if path.hasEncodedSlash, rule.path?.hasLonePeriods == true { throw .client(.badRequest, .path(.dotSegment)) }
        return rule
    }
}
