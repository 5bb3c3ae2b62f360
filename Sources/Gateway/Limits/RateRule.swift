/// One rate of a route, ready for the byte path: so many requests in a time, for each client, each user or for all.
final class RateRule: Sendable {
    /// Whose requests are counted together; in the order in which rates are judged, so that what is refused for its
    /// sender's own sake uses up nothing of what all share.
    enum Scope: String, Sendable, CaseIterable {
        /// One IPv4 address, one IPv6 network of 64 bits; over a Unix socket one user of this machine.
        case client
        /// Whom the verdict names; without a verdict the client.
        case user
        case all
    }

    let scope: Scope
    /// Nanoseconds that one request uses up.
    let interval: UInt64
    /// Nanoseconds that may be used up at once: `burst` intervals.
    let capacity: UInt64
    /// What tells this rate from others in the limiter's table; the same after a reload.
    let seed: UInt64
    /// As a person writes it: `100/s burst 20 per client`.
    let text: String
    /// `RateLimit-Policy: …` with its CRLF (draft-ietf-httpapi-ratelimit-headers).
    let policyField: [UInt8]
    /// `RateLimit: "…";r=`, to which an answer adds what is left.
    let limitField: [UInt8]

    /// - Parameter place: names the rate among all of the configuration: its file, and its place there.
    init(_ rate: RateText, place: String) {
        scope = rate.scope
        let unit = rate.unit.nanoseconds
        interval = unit / UInt64(rate.count)
        capacity = interval * UInt64(rate.burst)
        text = rate.description
        seed = (place + " " + rate.scope.rawValue).utf8.reduce(0xCBF2_9CE4_8422_2325) {
            ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3
        }
        let name = "\"\(rate.scope.rawValue)\""
        let window = unit / 1_000_000_000
        policyField = Array("RateLimit-Policy: \(name);q=\(rate.count);w=\(window)\r\n".utf8)
        limitField = Array("RateLimit: \(name);r=".utf8)
    }

    /// Adds the two fields of an answer: the rate, and how many requests are left of it, with the seconds until there is one
    /// more.
    func appendFields(_ outcome: RateLimiter.Outcome, to fields: inout [UInt8]) {
        fields.append(contentsOf: policyField)
        fields.append(contentsOf: limitField)
        fields.append(decimal: outcome.left)
        fields.append(contentsOf: Self.resetParameter)
        fields.append(decimal: (outcome.untilNext + 999_999_999) / 1_000_000_000)
        fields.append(13)
        fields.append(10)
    }

    /// `;t=`
    private static let resetParameter: [UInt8] = [59, 116, 61]
}

extension RateRule.Scope {
    /// As it stands behind a rate.
    var phrase: String { self == .all ? "in all" : "per \(rawValue)" }
}

extension [UInt8] {
    /// Adds a number in decimal digits.
    fileprivate mutating func append(decimal value: UInt64) {
        var divisor: UInt64 = 1
        while value / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            append(48 + UInt8(value / divisor % 10))
            divisor /= 10
        }
    }
}
