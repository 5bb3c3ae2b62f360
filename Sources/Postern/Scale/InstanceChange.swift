import Shared

/// Starts and stops instances of one template, without losing a request: what `postern scale` and `postern autoscale` do.
struct InstanceChange {
    let manager: ServiceManager
    let template: UnitTemplate
    /// The service, as the gateway knows it; nil where there is no gateway to ask.
    let gateway: GatewayControl?
    let service: String
    /// For jobs, and for drains.
    let timeout: Duration
    /// Is asked now and then whether to go on waiting.
    var goesOn: () -> Bool = { true }

    /// Starts them all at once, their socket units too where there are any, and waits until each has said that it is
    /// ready.
    func start(
        _ numbers: [Int], each: (JobWait.End) -> Void = { _ in }
    ) throws(ServiceManagerError) -> [JobWait.End] {
        var jobs = JobWait(manager, goesOn: goesOn)
        for number in numbers {
            if try manager.load(template.socket(number)).isThere { try jobs.enqueue(.start, template.socket(number)) }
            try jobs.enqueue(.start, template.service(number))
        }
        let ends = try jobs.wait(atMost: timeout) { end in
            // A socket is there at once; what people wait for is the service.
            if end.unit.hasSuffix(".service") || !end.isDone { each(end) }
        }
        // One that was taken out before it stopped, and whose socket has stayed, is to be asked again.
        for instance in (try? manager.instances(of: template)) ?? [] where numbers.contains(instance.number) {
            for address in drained(instance) { _ = try? gateway?.change(.undrain, address, of: service) }
        }
        return ends
    }

    /// Drains them, and stops each when it has nothing under way; their socket units too.
    /// - Parameter drained: is told how many requests were still under way when the time was over.
    func stop(
        _ instances: [UnitInstance], drained: (UnitInstance, Int) -> Void = { _, _ in },
        each: (JobWait.End) -> Void = { _ in }
    ) throws(ServiceManagerError) -> [JobWait.End] {
        var ends: [JobWait.End] = []
        let places = instances.map { ($0, addresses(of: $0)) }
        // First of all none of them gets another request.
        for (_, addresses) in places {
            for address in addresses { _ = try? gateway?.change(.drain, address, of: service) }
        }
        let seconds = Int(timeout.components.seconds)
        for (instance, addresses) in places {
            let left = addresses.reduce(0) { $0 + drain($1, seconds) }
            drained(instance, left)
            var jobs = JobWait(manager, goesOn: goesOn)
            // Both jobs are there before either runs: a connection in between does not start it again.
            if instance.socket != nil { try jobs.enqueue(.stop, template.socket(instance.number)) }
            try jobs.enqueue(.stop, template.service(instance.number))
            ends += try jobs.wait(atMost: timeout + .seconds(60)) { end in
                if end.unit.hasSuffix(".service") || !end.isDone { each(end) }
            }
        }
        return ends
    }

    /// Stops the service of one whose socket systemd goes on holding: the next request starts it again. False where a
    /// request came in between, and it runs on.
    func putToSleep(_ instance: UnitInstance) throws(ServiceManagerError) -> Bool {
        let addresses = addresses(of: instance)
        defer { for address in addresses { _ = try? gateway?.change(.undrain, address, of: service) } }
        for address in addresses {
            // Its connections are let go of: what comes now waits in the socket that systemd holds.
            guard let left = try? gateway?.change(.release, address, of: service), left == 0 else { return false }
        }
        var jobs = JobWait(manager, goesOn: goesOn)
        try jobs.enqueue(.stop, template.service(instance.number))
        return try jobs.wait(atMost: timeout + .seconds(60)).allSatisfy(\.isDone)
    }

    /// Requests that are left under way when the time is over.
    private func drain(_ address: String, _ seconds: Int) -> Int {
        var left = 0
        for start in stride(from: 0, to: seconds, by: 2) {
            let step = min(2, seconds - start)
            left = (try? gateway?.change(.drain, address, of: service, deadline: step)) ?? 0
            guard left > 0, goesOn() else { break }
        }
        return left
    }

    private func addresses(of instance: UnitInstance) -> [String] {
        instance.addresses(among: known.map(\.address))
    }

    private func drained(_ instance: UnitInstance) -> [String] {
        instance.addresses(among: known.filter { $0.state == .draining }.map(\.address))
    }

    private var known: [ServiceReport.Instance] {
        (try? gateway?.services())?.first { $0.name == service }?.instances ?? []
    }
}
