/// One datagram of the readiness protocol: lines of `NAME=VALUE` (sd_notify(3)).
struct ReadinessMessage: Equatable {
    /// READY=1.
    let isReady: Bool
    /// STATUS=, a sentence for people; nil when there is none.
    let status: String?

    init(_ datagram: some Collection<UInt8>) {
        var isReady = false
        var status: String?
        for line in datagram.split(separator: UInt8(ascii: "\n")) {
            guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let value = String(decoding: line[line.index(after: equals)...], as: UTF8.self)
            switch String(decoding: line[..<equals], as: UTF8.self) {
            case "READY": isReady = value == "1"
            case "STATUS": status = value
            default: break
            }
        }
        self.isReady = isReady
        self.status = status
    }
}
