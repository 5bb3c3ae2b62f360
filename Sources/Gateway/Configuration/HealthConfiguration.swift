import Shared

/// `health:` in a service's file: how its instances are checked.
///
/// - `path`: what is asked for; without it a check only connects (TLS included).
/// - `every` (5s), give or take a tenth; `timeout` (1s) for the whole check.
/// - `up` (2) checks in a row that must pass before an instance that was down is used again; `down` (3) that must fail
///   before it is not.
/// - `status`: a list of what a good answer says; without it 200 to 299.
extension HealthRule {
    static func read(_ reader: ConfigurationReader) -> HealthRule {
        var rule = HealthRule()
        let path = reader.optional("path", .healthPath)
        let times = ValueForm<Duration>.duration(in: .milliseconds(100) ... .seconds(3600))
        let timeouts = ValueForm<Duration>.duration(in: .milliseconds(10) ... .seconds(60))
        rule.path = path.map { Array($0.utf8) } ?? []
        rule.interval = reader.optional("every", times)?.nanoseconds ?? rule.interval
        rule.timeout = reader.optional("timeout", timeouts)?.nanoseconds ?? rule.timeout
        rule.up = reader.value("up", .integer(in: 1...100), default: rule.up)
        rule.down = reader.value("down", .integer(in: 1...100), default: rule.down)
        rule.statuses = reader.optional("status", .list(of: .integer(in: 200...599))) ?? []
        if reader.has("status"), !reader.has("path") {
            reader.report(
                "status", "`health.status` says what a path answers, and there is no `path`",
                mend: "Add `path`, or take `status` out: a check that only connects has no answer.")
        }
        return rule
    }
}

extension ValueForm where Value == String {
    /// A path and perhaps a query, as it is asked for.
    fileprivate static var healthPath: ValueForm {
        text(expected: "a path", mend: "Write for example /healthz.") { text in
            let isVisible = text.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "#") }
            return text.hasPrefix("/") && isVisible && text.utf8.count <= 1024 ? text : nil
        }
    }
}
