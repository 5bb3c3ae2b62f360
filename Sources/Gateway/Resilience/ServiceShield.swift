/// What keeps a service's troubles small, on one loop: kept over snapshots, so that a reload, or an instance that comes or
/// goes, forgets nothing.
final class ServiceShield {
    /// Shared with all other loops.
    let load: ServiceLoad
    var budget: RetryBudget
    /// Each loop learns its own; what they let pass together is the service's.
    var limit = AdaptiveLimit()
    /// Requests on this loop whose answer has not begun, where the limit is learnt.
    var waiting = 0

    init(load: ServiceLoad = ServiceLoad(), budget: RetryBudget = RetryBudget()) {
        self.load = load
        self.budget = budget
    }

    /// That of a service on a loop: the former one, where it is the same service's.
    static func keep(_ former: ServiceShield?, _ rule: ServiceRule, _ load: ServiceLoad?) -> ServiceShield {
        let shield: ServiceShield
        if let former, load == nil || former.load === load {
            shield = former
        } else {
            shield = ServiceShield(load: load ?? ServiceLoad(limit: rule.limits.inFlight))
        }
        shield.budget.percent = rule.retries.budget
        return shield
    }
}
