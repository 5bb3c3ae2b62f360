import Shared

/// `scale:` in a service's file: how many instances `postern autoscale` keeps. Without it they are the operator's matter.
///
/// - `min` (1), `max` (required): instances. With `min: 0` the last one is stopped when nobody asks, and systemd, which
///   holds its socket, starts it with the next request.
/// - `target` (70%): the share of `capacity` that is to be in use.
/// - `capacity`: requests that one instance can have in flight; found out from how long answers take without it.
/// - `latency`: one more is started while the 95th percentile is above it.
/// - `cool_down` (30s): how long there must be too many before one is stopped.
/// - `idle` (60s): how long there must be no request before the last one is, with `min: 0`.
enum ScaleConfiguration {
    static func read(_ reader: ConfigurationReader) -> ServiceReport.Scale? {
        let minimum = reader.value("min", .integer(in: 0...999), default: 1)
        let maximum = reader.required("max", .integer(in: 1...999), example: "8")
        let times = ValueForm<Duration>.duration(in: .seconds(1) ... .seconds(86400))
        var scale = ServiceReport.Scale(minimum: minimum, maximum: maximum ?? max(1, minimum))
        scale.target = reader.optional("target", .share) ?? scale.target
        scale.capacity = reader.optional("capacity", .integer(in: 1...1_000_000))
        scale.latency = reader.optional("latency", .duration(in: .milliseconds(1) ... .seconds(300))).map {
            Int($0.nanoseconds / 1_000_000)
        }
        scale.coolDown = reader.optional("cool_down", times).map { Int($0.components.seconds) } ?? scale.coolDown
        scale.idle = reader.optional("idle", times).map { Int($0.components.seconds) } ?? scale.idle
        guard let maximum else { return nil }
        guard minimum <= maximum else {
            reader.report(
                "min", "`scale.min` (\(minimum)) is more than `scale.max` (\(maximum))", mend: "Exchange them.")
            return nil
        }
        return scale
    }
}

extension ValueForm where Value == Int {
    /// `70%`, from 1% to 100%.
    fileprivate static var share: ValueForm {
        text(expected: "a share from 1% to 100%", mend: "Write for example 70%.") { text in
            guard text.hasSuffix("%"), let number = Int(text.dropLast()), text == "\(number)%" else { return nil }
            return (1...100).contains(number) ? number : nil
        }
    }
}

extension ValueForm where Value == String {
    /// The name of a template of services: `postern-data@.service`.
    static var templateUnit: ValueForm {
        text(expected: "the name of a template unit", mend: "Write for example postern-data@.service.") { text in
            guard text.hasSuffix("@.service"), text.utf8.count > 9, text.utf8.count <= 200 else { return nil }
            // systemd.unit(5): letters, digits and ":-_.\".
            let isGood = text.dropLast(9).utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: ":-_.\\".utf8.contains(byte)
                }
            }
            return isGood ? text : nil
        }
    }
}
