/// One instance that is to be checked, and how.
struct HealthTarget: Sendable {
    let address: InstanceAddress
    let state: InstanceState
    let rule: HealthRule
    let service: String
    /// `Host: …` with its CRLF.
    let hostField: [UInt8]
    /// False where a check would start what is stopped on purpose: then there is none while nobody asks for anything.
    let isCheckedWhenIdle: Bool
    /// Who may be at the other end: a good answer of anybody else is none.
    var peers: PeerRule?

    /// All that a snapshot wants to be checked. An address of several services is checked as the first of them says.
    static func all(
        of services: [ServiceRule], _ states: [InstanceAddress: InstanceState],
        peers: [InstanceAddress: PeerRule] = [:]
    ) -> [HealthTarget] {
        var known: Set<InstanceAddress> = []
        var targets: [HealthTarget] = []
        for service in services {
            guard let rule = service.health else { continue }
            for address in service.instances {
                guard let state = states[address], known.insert(address).inserted else { continue }
                targets.append(
                    HealthTarget(
                        address: address, state: state, rule: rule, service: service.name,
                        hostField: service.hostField.isEmpty ? Array("Host: localhost\r\n".utf8) : service.hostField,
                        isCheckedWhenIdle: service.isCheckedWhenIdle, peers: peers[address]))
            }
        }
        return targets
    }
}
