/// A rate as it is written in a route file: `100/s`, `100/s per client`, `600/m burst 20 per user`, `1000/s in all`.
struct RateText: Sendable, Equatable {
    enum Unit: String, Sendable, CaseIterable {
        case second = "s"
        case minute = "m"
        case hour = "h"

        var nanoseconds: UInt64 {
            switch self {
            case .second: 1_000_000_000
            case .minute: 60_000_000_000
            case .hour: 3_600_000_000_000
            }
        }
    }

    static let limit = 1_000_000

    let count: Int
    let unit: Unit
    /// Requests that may come at once; as many as `count` where nothing is said.
    let burst: Int
    let scope: RateRule.Scope

    /// Nil for a text of another form.
    init?(_ text: String) {
        var words = text.split(separator: " ", omittingEmptySubsequences: false)[...]
        guard let rate = words.popFirst(), let slash = rate.firstIndex(of: "/"),
            let count = Self.number(rate[..<slash]),
            let unit = Unit(rawValue: String(rate[rate.index(after: slash)...]))
        else { return nil }
        self.count = count
        self.unit = unit
        var burst = count
        if words.first == "burst" {
            words.removeFirst()
            guard let number = words.popFirst().flatMap(Self.number) else { return nil }
            burst = number
        }
        self.burst = burst
        guard let scope = Self.scope(words.joined(separator: " ")) else { return nil }
        self.scope = scope
    }

    private static func number(_ text: Substring) -> Int? {
        guard let number = Int(text), String(number) == text, (1...limit).contains(number) else { return nil }
        return number
    }

    private static func scope(_ words: String) -> RateRule.Scope? {
        words.isEmpty ? .client : RateRule.Scope.allCases.first { $0.phrase == words }
    }
}

extension RateText: CustomStringConvertible {
    var description: String {
        "\(count)/\(unit.rawValue)" + (burst == count ? "" : " burst \(burst)") + " \(scope.phrase)"
    }
}
