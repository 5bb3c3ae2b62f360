import Shared

extension Exchange {
    /// Chooses an instance of the route's service.
    func select(_ rule: RouteRule, except failed: InstancePool? = nil) throws(GatewayError) {
        let service = table.services[rule.service]
        if service.rule.needsToken && service.rule.token.isEmpty {
            throw GatewayError(what: .noInstance, fault: .ourselves)
        }
        guard let chosen = service.choose(InstanceChoice(except: failed)) else {
            throw GatewayError(what: .noInstance, fault: .upstream)
        }
        instance = chosen
    }
}
