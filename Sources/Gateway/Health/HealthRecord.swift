/// What is known of one instance by its checks: pure, a method an event.
struct HealthRecord: Equatable {
    enum Phase: Equatable {
        /// It was there when the gateway started, and has not been checked yet: it counts as up.
        case assumed
        /// It has come since: it is used when it has passed a check.
        case joining
        case up
        case down
    }
    enum Change: Equatable {
        case joined
        case up
        case down
    }
    private(set) var phase: Phase
    /// Checks in a row that spoke against the phase.
    private var count = 0

    init(_ phase: Phase) {
        self.phase = phase
    }

    mutating func passed(_ rule: HealthRule) -> Change? {
        switch phase {
        case .assumed, .up:
            phase = .up
            count = 0
            return nil
        case .joining:
            phase = .up
            count = 0
            return .joined
        case .down:
            count += 1
            guard count >= rule.up else { return nil }
            phase = .up
            count = 0
            return .up
        }
    }

    mutating func failed(_ rule: HealthRule) -> Change? {
        switch phase {
        case .joining:
            return nil
        case .down:
            count = 0
            return nil
        case .assumed, .up:
            count += 1
            // What was only assumed ends with the first check that says otherwise.
            guard phase == .assumed || count >= rule.down else { return nil }
            phase = .down
            count = 0
            return .down
        }
    }
}
