extension ServiceReport {
    /// The body of `GET /services`.
    package static func json(_ services: [ServiceReport]) -> [UInt8] {
        JSONWriter.bytes { writer in
            writer.object { answer in
                answer.key("services")
                answer.array { list in for service in services { list.object { service.write(to: &$0) } } }
            }
        }
    }

    /// Reads what `json` writes; nil for anything else.
    package static func read(_ json: StrictJSONObject) -> [ServiceReport]? {
        guard let list = json["services"]?.array else { return nil }
        let services = list.compactMap { $0.object.flatMap(ServiceReport.init(json:)) }
        return services.count == list.count ? services : nil
    }

    package func write(to writer: inout JSONWriter) {
        writer.member("name", name)
        writer.member("kind", kind.rawValue)
        writer.member("unit", unit)
        if let scale {
            writer.key("scale")
            writer.object { scale.write(to: &$0) }
        }
        writer.member("requests", requests)
        writer.member("errors", errors)
        writer.member("in_flight", inFlight)
        writer.member("pending", pending)
        writer.member("rate_milli", rate)
        for (name, value) in [("p50_us", p50), ("p95_us", p95), ("p99_us", p99)] {
            if let value { writer.member(name, value) }
        }
        writer.key("instances")
        writer.array { list in for instance in instances { list.object { instance.write(to: &$0) } } }
        writer.key("refused")
        writer.array { list in for path in refused { list.string(path) } }
    }

    init?(json: StrictJSONObject) {
        guard let name = json["name"]?.string, let unit = json["unit"]?.string,
            let kind = json["kind"]?.string.flatMap(Kind.init(rawValue:)), let list = json["instances"]?.array
        else { return nil }
        let instances = list.compactMap { $0.object.flatMap(Instance.init(json:)) }
        guard instances.count == list.count else { return nil }
        self.init(
            name: name, kind: kind, unit: unit, scale: json["scale"]?.object.flatMap(Scale.init(json:)),
            instances: instances, refused: json["refused"]?.array?.compactMap(\.string) ?? [],
            requests: json.count("requests"), errors: json.count("errors"), inFlight: Int(json.count("in_flight")),
            pending: Int(json.count("pending")), rate: Int(json.count("rate_milli")), p50: json.number("p50_us"),
            p95: json.number("p95_us"), p99: json.number("p99_us"))
    }
}

extension ServiceReport.Scale {
    func write(to writer: inout JSONWriter) {
        writer.member("min", minimum)
        writer.member("max", maximum)
        writer.member("target", target)
        if let capacity { writer.member("capacity", capacity) }
        if let latency { writer.member("latency_ms", latency) }
        writer.member("cool_down", coolDown)
        writer.member("idle", idle)
    }

    init?(json: StrictJSONObject) {
        guard let minimum = json.number("min"), let maximum = json.number("max"), minimum <= maximum else { return nil }
        self.init(
            minimum: Int(minimum), maximum: Int(maximum), target: Int(json.number("target") ?? 70),
            capacity: json.number("capacity").map { Int($0) }, latency: json.number("latency_ms").map { Int($0) },
            coolDown: Int(json.number("cool_down") ?? 30), idle: Int(json.number("idle") ?? 60))
    }
}

extension ServiceReport.Instance {
    func write(to writer: inout JSONWriter) {
        writer.member("address", address)
        writer.member("state", state.rawValue)
        writer.member("in_flight", inFlight)
        writer.member("requests", requests)
        writer.member("errors", errors)
    }

    init?(json: StrictJSONObject) {
        guard let address = json["address"]?.string, let state = json["state"]?.string.flatMap(State.init(rawValue:))
        else { return nil }
        self.init(
            address: address, state: state, inFlight: Int(json.count("in_flight")), requests: json.count("requests"),
            errors: json.count("errors"))
    }
}

extension StrictJSONObject {
    /// A number from 0 up; nil where there is none.
    fileprivate func number(_ name: String) -> UInt64? {
        self[name]?.integer.flatMap { $0 >= 0 && $0 <= 1 << 53 ? UInt64($0) : nil }
    }

    /// The same, 0 where there is none.
    fileprivate func count(_ name: String) -> UInt64 { number(name) ?? 0 }
}
