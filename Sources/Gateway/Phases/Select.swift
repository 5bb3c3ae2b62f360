import Shared

extension Exchange {
    /// Chooses an instance of the route's service.
    func select(_ rule: RouteRule, except failed: InstancePool? = nil) throws(GatewayError) {
        guard let chosen = table.services[rule.service].choose(except: failed) else {
            throw GatewayError(what: .noInstance, fault: .upstream)
        }
        instance = chosen
    }
}
