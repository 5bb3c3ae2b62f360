import CLinux
import Logging
import Shared

/// Keeps the services with `scale` at as many instances as they need: asks the gateway each second, and has systemd start
/// and stop. Confined to its thread.
final class Autoscaler {
    private let gateway: GatewayControl
    private let logger: Logger
    /// Is asked while something is waited for: whether to go on.
    private let goesOn: () -> Bool
    private var manager: ServiceManager?
    private var policies: [String: (scale: ServiceReport.Scale, policy: AutoscalePolicy)] = [:]
    private var isAbsenceTold = false
    /// Services of which it was said that nothing could wake them.
    private var toldOfSockets: Set<String> = []
    /// For jobs, and for drains.
    private static let timeout = Duration.seconds(60)

    /// One line for `systemctl status`.
    private(set) var status = "waits for the gateway"

    init(_ gateway: GatewayControl, logger: Logger, goesOn: @escaping () -> Bool) {
        self.gateway = gateway
        self.logger = logger
        self.goesOn = goesOn
    }

    private static var now: Duration { .nanoseconds(Int64(clamping: postern_monotonic_ns())) }

    /// One look, and what has to be done.
    func turn() {
        let services: [ServiceReport]
        do throws(CommandFailure) {
            services = try gateway.services().filter { $0.scale != nil }
            isAbsenceTold = false
        } catch {
            // A gateway that restarts is back in a moment; meanwhile nothing is known, and nothing is done.
            for name in policies.keys { policies[name]?.policy.lost() }
            if !isAbsenceTold { logger.warning("no figures", metadata: ["cause": "\(error.message)"]) }
            isAbsenceTold = true
            status = "no figures: \(error.message)"
            return
        }
        policies = policies.filter { name, _ in services.contains { $0.name == name } }
        var lines: [String] = []
        for service in services where goesOn() {
            do throws(ServiceManagerError) {
                lines.append(try look(at: service))
            } catch {
                logger.error(
                    "systemd refuses", metadata: ["service": "\(service.name)", "cause": "\(error.failure.message)"])
                if error.isDisconnected { manager = nil }
                policies[service.name]?.policy.failed(now: Self.now)
                lines.append("\(service.name): \(error.failure.message)")
            }
        }
        status = services.isEmpty ? "no service has `scale`" : lines.joined(separator: ", ")
    }

    private func look(at service: ServiceReport) throws(ServiceManagerError) -> String {
        guard let scale = service.scale else { return service.name }
        let manager = try connected()
        let template = UnitTemplate(service.unit)
        let instances = try manager.instances(of: template, withPaths: false)
        var figures = AutoscalePolicy.Figures(
            running: instances.count(where: \.runs), there: instances.count(where: \.isThere),
            inFlight: service.inFlight, pending: service.pending, requests: service.requests)
        (figures.p50, figures.p95) = (service.p50, service.p95)
        if policies[service.name]?.scale != scale {
            policies[service.name] = (scale, AutoscalePolicy(scale, now: Self.now))
        }
        let decision = policies[service.name]?.policy.decide(figures, now: Self.now) ?? .stay
        let change = InstanceChange(
            manager: manager, template: template, gateway: gateway, service: service.name, timeout: Self.timeout,
            goesOn: goesOn)
        try carry(out: decision, change, from: figures.running)
        let count = figures.running == 1 ? "1 instance" : "\(figures.running) instances"
        return "\(service.name): \(count)"
    }

    private func carry(
        out decision: AutoscalePolicy.Decision, _ change: InstanceChange, from running: Int
    ) throws(ServiceManagerError) {
        switch decision {
        case .stay: return
        case .listen:
            guard try change.manager.load(change.template.socket(1)).isThere else {
                tellOfSocket(change)
                return tell(try change.start([1]), change)
            }
            var jobs = JobWait(change.manager, goesOn: goesOn)
            try jobs.enqueue(.start, change.template.socket(1))
            tell(try jobs.wait(atMost: Self.timeout), change)
        case .sleep:
            let instances = try change.manager.instances(of: change.template)
            guard let last = instances.first(where: \.runs) else { return }
            guard last.listens else { return tellOfSocket(change) }
            if try change.putToSleep(last) {
                logger.info(
                    "instance sleeps", metadata: ["service": "\(change.service)", "instance": "\(last.number)"])
            }
        case .scale(let count, let reason):
            logger.info(
                "scales",
                metadata: [
                    "service": "\(change.service)", "from": "\(running)", "to": "\(count)",
                    "reason": "\(reason.rawValue)",
                ])
            let instances = try change.manager.instances(of: change.template)
            // Who sleeps counts as one that is there: it is woken before another is started.
            let plan = ScalePlan(instances.filter { $0.runs || count > running }, count: count)
            if !plan.start.isEmpty { tell(try change.start(plan.start), change) }
            let stopping = plan.stop.compactMap { number in instances.first { $0.number == number } }
            if !stopping.isEmpty { tell(try change.stop(stopping), change) }
        }
    }

    private func tell(_ ends: [JobWait.End], _ change: InstanceChange) {
        for end in ends where !end.isDone && goesOn() {
            logger.error(
                "unit has not done what it was to", metadata: ["unit": "\(end.unit)", "result": "\(end.result)"])
            policies[change.service]?.policy.failed(now: Self.now)
        }
    }

    /// Once a service: without a socket that systemd holds nothing would wake it again.
    private func tellOfSocket(_ change: InstanceChange) {
        guard toldOfSockets.insert(change.service).inserted else { return }
        logger.error(
            "`min: 0` needs a socket unit that wakes the service; it is kept running",
            metadata: ["service": "\(change.service)", "unit": "\(change.template.socket(1))"])
    }

    private func connected() throws(ServiceManagerError) -> ServiceManager {
        if let manager { return manager }
        let new = try ServiceManager(timeout: .seconds(10))
        manager = new
        return new
    }
}
