import Shared

extension ServiceConfiguration {
    /// How an instance is chosen, for people.
    var balanceText: String {
        var parts = [balance.rule.text]
        if balance.slowStart > 0 { parts.append("slow start \(Self.text(balance.slowStart))") }
        guard let eject = balance.ejection else { return (parts + ["nobody is ejected"]).joined(separator: "; ") }
        if eject.errors > 0 {
            parts.append("ejected for \(Self.text(eject.time)) after \(eject.errors) failures in a row")
        }
        if eject.latency > 0 { parts.append("or beyond \(eject.latency) times the median latency") }
        return parts.joined(separator: "; ")
    }

    fileprivate static func text(_ nanoseconds: UInt64) -> String {
        DurationText.format(.nanoseconds(Int64(clamping: nanoseconds)))
    }
}

extension HealthRule {
    /// What a check is, for people.
    var text: String {
        let what = path.isEmpty ? "a connection" : "GET \(String(decoding: path, as: UTF8.self))"
        return "\(what) every \(ServiceConfiguration.text(interval)), within \(ServiceConfiguration.text(timeout)); "
            + "down after \(down) that fail, up after \(up) that pass"
    }
}
