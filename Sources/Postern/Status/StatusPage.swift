import Shared

/// The state as one screen for a person.
struct StatusPage {
    private let state: SystemState
    private let colour: Bool

    init(_ state: SystemState, colour: Bool) {
        self.state = state
        self.colour = colour
    }

    var lines: [String] {
        var lines = heading
        if let processes = state.processes {
            lines.append("")
            lines +=
                processes.isEmpty ? ["no unit of Postern is started: systemctl start postern.target"] : table(processes)
        }
        if let services = state.services {
            lines.append("")
            lines += services.isEmpty ? ["the configuration has no service"] : table(services)
            lines += details(services)
        }
        return lines
    }

    private var heading: [String] {
        var lines: [String] = []
        if let absence = state.absence {
            lines.append(red("gateway: \(absence)"))
        } else {
            let instances = state.services?.reduce(0) { $0 + $1.instances.count } ?? 0
            lines.append(
                bold("postern \(state.version)")
                    + "  \(state.routes) routes, \(instances) instances, \(state.connections) connections")
        }
        if state.problems > 0 {
            let count = state.problems == 1 ? "1 problem" : "\(state.problems) problems"
            lines.append(red("the configuration has \(count) and was not taken; postern check says which"))
        }
        for process in state.processes ?? [] where process.hasFailed {
            lines.append(red("\(process.unit) has failed: journalctl -u \(process.unit)"))
        }
        for service in state.services ?? [] {
            for path in service.refused { lines.append(red("\(path) is refused: it is a foreign user's; see `owner`")) }
            let usable = service.instances.contains { $0.state == .up || $0.state == .ejected }
            if !usable { lines.append(red("\(service.name) has no instance that can answer")) }
        }
        return lines
    }

    private func table(_ processes: [SystemState.Process]) -> [String] {
        var table = TextTable([
            .init(title: "PROCESS"), .init(title: "STATE"), .init(title: "PID", isNumber: true),
            .init(title: "UPTIME", isNumber: true), .init(title: "MEMORY", isNumber: true),
            .init(title: "WATCHDOG", isNumber: true), .init(title: "STATUS"),
        ])
        for process in processes {
            table.add([
                process.unit, process.state, process.processID == 0 ? "-" : "\(process.processID)",
                process.uptime.map(Readable.seconds) ?? "-", process.memory.map(Readable.bytes) ?? "-",
                process.watchdog.map { "\(Readable.seconds($0)) ago" } ?? "-", process.status,
            ])
        }
        return coloured(table.lines, processes.map(\.hasFailed))
    }

    private func table(_ services: [ServiceReport]) -> [String] {
        var table = TextTable([
            .init(title: "SERVICE"), .init(title: "INSTANCES"), .init(title: "REQ/S", isNumber: true),
            .init(title: "IN FLIGHT", isNumber: true), .init(title: "PENDING", isNumber: true),
            .init(title: "P50", isNumber: true), .init(title: "P95", isNumber: true),
            .init(title: "P99", isNumber: true),
            .init(title: "REQUESTS", isNumber: true), .init(title: "ERRORS", isNumber: true),
        ])
        for service in services {
            table.add([
                service.name, Self.summary(service), Readable.rate(service.rate), "\(service.inFlight)",
                "\(service.pending)", Readable.microseconds(service.p50), Readable.microseconds(service.p95),
                Readable.microseconds(service.p99), "\(service.requests)", "\(service.errors)",
            ])
        }
        return coloured(table.lines, services.map { service in !service.instances.contains { $0.state == .up } })
    }

    /// `3 up`, `2 up, 1 draining`, and what `scale` says.
    private static func summary(_ service: ServiceReport) -> String {
        var parts: [String] = []
        for word in ServiceReport.Instance.State.allCases {
            let count = service.instances.count { $0.state == word }
            if count > 0 { parts.append("\(count) \(word.rawValue)") }
        }
        let text = parts.isEmpty ? "none" : parts.joined(separator: ", ")
        return service.scale.map { "\(text) (\($0.minimum) to \($0.maximum))" } ?? text
    }

    /// The instances of services that have several, or one that is not as it should be.
    private func details(_ services: [ServiceReport]) -> [String] {
        var table = TextTable([
            .init(title: "INSTANCE"), .init(title: "STATE"), .init(title: "IN FLIGHT", isNumber: true),
            .init(title: "REQUESTS", isNumber: true), .init(title: "ERRORS", isNumber: true),
        ])
        var bad: [Bool] = []
        for service in services
        where service.instances.count > 1 || service.instances.contains(where: { $0.state != .up }) {
            for instance in service.instances {
                table.add([
                    instance.address, instance.state.rawValue, "\(instance.inFlight)", "\(instance.requests)",
                    "\(instance.errors)",
                ])
                bad.append(instance.state == .down || instance.state == .ejected)
            }
        }
        return table.isEmpty ? [] : [""] + coloured(table.lines, bad)
    }

    private func coloured(_ lines: [String], _ bad: [Bool]) -> [String] {
        lines.enumerated().map { index, line in
            index == 0 ? bold(line) : index <= bad.count && bad[index - 1] ? red(line) : line
        }
    }

    private func bold(_ text: String) -> String { colour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }
    private func red(_ text: String) -> String { colour ? "\u{1B}[31m\(text)\u{1B}[0m" : text }
}

extension SystemState {
    var json: [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { answer in
                if let absence {
                    answer.member("gateway_absent", absence)
                } else {
                    answer.member("version", version)
                    answer.member("routes", routes)
                    answer.member("connections", connections)
                    answer.member("problems", problems)
                }
                if let processes {
                    answer.key("processes")
                    answer.array { list in for process in processes { list.object { process.write(to: &$0) } } }
                }
                if let services {
                    answer.key("services")
                    answer.array { list in for service in services { list.object { service.write(to: &$0) } } }
                }
            }
        }
    }
}

extension SystemState.Process {
    func write(to writer: inout JSONWriter) {
        writer.member("unit", unit)
        writer.member("state", state)
        if processID > 0 { writer.member("pid", processID) }
        if let uptime { writer.member("uptime", uptime) }
        if let memory { writer.member("memory", memory) }
        if let watchdog { writer.member("watchdog_age", watchdog) }
        if !status.isEmpty { writer.member("status", status) }
    }
}
