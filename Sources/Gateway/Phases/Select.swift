import Shared

extension Exchange {
    /// Chooses an instance of the route's service.
    func select(_ rule: RouteRule, except failed: InstancePool? = nil) throws(GatewayError) {
        let service = table.services[rule.service]
        if service.rule.needsToken && service.rule.token.isEmpty {
            throw GatewayError(what: .noInstance, fault: .ourselves)
        }
        var choice = InstanceChoice(except: failed)
        if case .hash(let key) = service.rule.balance { choice.key = balanceKey(key) }
        guard let chosen = service.choose(choice) else {
            throw GatewayError(what: .noInstance, fault: .upstream)
        }
        instance = chosen
    }
}
