import Shared

/// The instances of one service: what systemd and the gateway know of them, side by side.
struct ScaleTable {
    struct Row: Equatable {
        let number: Int
        /// `running`, `waiting for a request`, `failed`, …
        let state: String
        /// What the gateway makes of it; nil where it does not have it.
        let instance: ServiceReport.Instance?
        let processID: UInt64
        let memory: UInt64?
    }
    let rows: [Row]
    /// Addresses of the service that belong to no numbered unit.
    let others: [ServiceReport.Instance]
    let service: String

    init(
        _ instances: [UnitInstance], _ template: UnitTemplate, _ report: ServiceReport?, _ manager: ServiceManager
    ) {
        var details: [Int: (processID: UInt64, memory: UInt64?)] = [:]
        for instance in instances {
            guard let unit = instance.service, unit.isUp else { continue }
            let memory = try? manager.number(unit.path, .service, "MemoryCurrent")
            details[instance.number] = (
                (try? manager.number(unit.path, .service, "MainPID")) ?? 0, memory == .max ? nil : memory
            )
        }
        self.init(instances, report, service: report?.name ?? template.name, details: details)
    }

    init(
        _ instances: [UnitInstance], _ report: ServiceReport?, service: String,
        details: [Int: (processID: UInt64, memory: UInt64?)]
    ) {
        let known = report?.instances ?? []
        var owned: Set<String> = []
        rows = instances.filter { $0.isThere || $0.hasFailed }.map { instance in
            let addresses = instance.addresses(among: known.map(\.address))
            owned.formUnion(addresses)
            let detail = details[instance.number]
            return Row(
                number: instance.number, state: Self.state(of: instance),
                instance: known.first { addresses.contains($0.address) }, processID: detail?.processID ?? 0,
                memory: detail?.memory)
        }
        others = known.filter { !owned.contains($0.address) }
        self.service = service
    }

    static func state(of instance: UnitInstance) -> String {
        guard let unit = instance.service, unit.active != "inactive" else {
            return instance.listens ? "asleep" : "stopped"
        }
        return unit.active == "active" ? unit.sub : unit.active == "failed" ? "failed" : unit.active
    }

    var text: String {
        guard !rows.isEmpty || !others.isEmpty else { return "\(service): no instance\n" }
        var table = TextTable([
            .init(title: "INSTANCE"), .init(title: "STATE"), .init(title: "GATEWAY"),
            .init(title: "PID", isNumber: true),
            .init(title: "IN FLIGHT", isNumber: true), .init(title: "REQUESTS", isNumber: true),
            .init(title: "MEMORY", isNumber: true),
        ])
        for row in rows {
            table.add([
                "\(row.number)", row.state, row.instance?.state.rawValue ?? "-",
                row.processID == 0 ? "-" : "\(row.processID)", row.instance.map { "\($0.inFlight)" } ?? "-",
                row.instance.map { "\($0.requests)" } ?? "-", row.memory.map(Readable.bytes) ?? "-",
            ])
        }
        for other in others {
            table.add([
                other.address, "-", other.state.rawValue, "-", "\(other.inFlight)", "\(other.requests)", "-",
            ])
        }
        return table.lines.joined(separator: "\n") + "\n"
    }

    var json: String {
        let bytes = JSONWriter.bytes { writer in
            writer.object { answer in
                answer.member("service", service)
                answer.key("instances")
                answer.array { list in
                    for row in rows { list.object { Self.write(row, to: &$0) } }
                }
            }
        }
        return String(decoding: bytes, as: UTF8.self) + "\n"
    }

    private static func write(_ row: Row, to writer: inout JSONWriter) {
        writer.member("instance", row.number)
        writer.member("state", row.state)
        if let instance = row.instance {
            writer.member("address", instance.address)
            writer.member("gateway", instance.state.rawValue)
            writer.member("in_flight", instance.inFlight)
            writer.member("requests", instance.requests)
        }
        if row.processID > 0 { writer.member("pid", row.processID) }
        if let memory = row.memory { writer.member("memory", memory) }
    }
}
