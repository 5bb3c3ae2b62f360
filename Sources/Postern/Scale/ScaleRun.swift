import FoundationEssentials
import Shared

/// One run of `postern scale`.
struct ScaleRun {
    private let command: ScaleCommand
    private let output: StandardStream
    private let complaints: StandardStream

    init(_ command: ScaleCommand, output: StandardStream = .output, complaints: StandardStream = .error) {
        self.command = command
        self.output = output
        self.complaints = complaints
    }

    func run() throws {
        let manager = try ServiceManager()
        let gateway = try? command.gateway.control()
        let (reports, absence) = services(of: gateway)
        let report = reports?.first { $0.name == command.service }
        let template = UnitTemplate(report?.unit ?? configuredUnit ?? ServiceReport.standardUnit(of: command.service))
        guard try manager.load(template.service(1)).isThere else { throw missing(template, reports) }
        if let count = command.count {
            // Without a gateway nobody sends requests that could be lost.
            if let absence { complaints.write("postern: \(absence.message); nothing is drained\n") }
            try scale(
                InstanceChange(
                    manager: manager, template: template, gateway: reports == nil ? nil : gateway,
                    service: command.service, timeout: .seconds(command.timeout)),
                to: count, report?.scale)
            guard command.json else { return }
        }
        let fresh = services(of: gateway).reports?.first { $0.name == command.service }
        let table = ScaleTable(try manager.instances(of: template), template, fresh, manager)
        output.write(command.json ? table.json : table.text)
    }

    private func scale(_ change: InstanceChange, to count: Int, _ scale: ServiceReport.Scale?) throws {
        let instances = try change.manager.instances(of: change.template)
        let plan = ScalePlan(instances, count: count)
        if let scale, !(scale.minimum...scale.maximum).contains(count) {
            complaints.write(
                "postern: `scale` in services/\(command.service).yaml says \(scale.minimum) to \(scale.maximum): "
                    + "where postern-autoscale runs, it will not stay at \(count)\n")
        }
        var failures: [String] = []
        if !plan.start.isEmpty {
            let ends = try change.start(plan.start) { end in
                if end.isDone { say("\(end.unit): ready after \(Self.text(end.after))") }
            }
            failures += ends.filter { !$0.isDone }.map { "\($0.unit) did not start (\($0.result))" }
        }
        if !plan.stop.isEmpty {
            let stopping = plan.stop.compactMap { number in instances.first { $0.number == number } }
            let ends = try change.stop(stopping) { instance, left in
                guard left > 0 else { return }
                complaints.write(
                    "postern: \(change.template.service(instance.number)) has \(left) requests under way after "
                        + "\(command.timeout) s; it is stopped all the same\n")
            } each: { end in
                if end.isDone { say("\(end.unit): stopped") }
            }
            failures += ends.filter { !$0.isDone }.map { "\($0.unit) did not stop (\($0.result))" }
        }
        // One that did not start stays at boot as it was.
        let good = plan.kept.filter { number in !failures.contains { $0.hasPrefix(change.template.service(number)) } }
        if !command.runtime { enable(change, kept: good, stopped: plan.stop) }
        guard failures.isEmpty else {
            let unit = failures[0].prefix { $0 != " " }
            throw CommandFailure(failures.joined(separator: "; "), mend: "See why: journalctl -u \(unit).")
        }
        say("\(command.service): \(count) of \(count) run")
    }

    private func enable(_ change: InstanceChange, kept: [Int], stopped: [Int]) {
        let links = BootLinks(manager: change.manager, template: change.template)
        switch links.set(kept: kept, stopped: stopped) {
        case .done: break
        case .notInstallable:
            complaints.write(
                "postern: \(change.template.name) has no [Install] section: after the next boot it is as it was before\n"
            )
        case .failed(let why):
            complaints.write("postern: after the next boot it is as it was before: \(why)\n")
        }
    }

    /// Steps are for people; who asked for JSON gets nothing else.
    private func say(_ line: String) { if !command.json { output.write(line + "\n") } }

    private static func text(_ time: Duration) -> String {
        Readable.microseconds(UInt64(max(0, time / .microseconds(1))))
    }

    private func services(of gateway: GatewayControl?) -> (reports: [ServiceReport]?, absence: CommandFailure?) {
        guard let gateway else { return (nil, nil) }
        do throws(CommandFailure) {
            return (try gateway.services(), nil)
        } catch {
            return (nil, error)
        }
    }

    /// What the service's file says, where it can be read.
    private var configuredUnit: String? {
        let file = "\(command.gateway.configuration.directory)/services/\(command.service).yaml"
        guard FileManager.default.isReadableFile(atPath: file) else { return nil }
        let reader = ConfigurationReader(file: file, problems: ConfigurationProblems())
        return reader.optional("unit", .string).flatMap { $0.hasSuffix("@.service") ? $0 : nil }
    }

    private func missing(_ template: UnitTemplate, _ reports: [ServiceReport]?) -> CommandFailure {
        let known = (reports ?? []).filter { $0.kind == .instances }.map(\.name)
        let others = known.isEmpty ? "" : " Services of the gateway: \(known.joined(separator: ", "))."
        return CommandFailure(
            "there is no template of units \(template.name)",
            mend: "Write one, or name another by `unit:` in services/\(command.service).yaml.\(others)",
            status: .noInput)
    }
}
