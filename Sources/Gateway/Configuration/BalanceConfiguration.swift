import Shared

/// What a service's file says of the choice between its instances.
///
/// - `balance`: `least-requests` (default), `round-robin`, `ewma`, or `{hash: KEY}`, where the key is `user`, `client`,
///   `{cookie: NAME}` or `{header: NAME}`.
/// - `slow_start`: for how long the share of an instance grows that has joined, or is back.
/// - `eject`: `off`, or `{errors: 5, latency: 4, for: 10s, keep: 50%}`; `off` for `errors` and `latency` by themselves.
struct BalanceConfiguration: Sendable, Equatable {
    var rule = BalanceRule.leastRequests
    /// Nanoseconds; 0 without.
    var slowStart: UInt64 = 0
    /// Nil where nobody is ejected.
    var ejection: EjectionRule? = EjectionRule()

    static func read(_ reader: ConfigurationReader) -> BalanceConfiguration {
        var balance = BalanceConfiguration()
        balance.rule = reader.value("balance", .balance, default: balance.rule)
        let times = ValueForm<Duration>.duration(in: .seconds(1) ... .seconds(3600))
        balance.slowStart = reader.optional("slow_start", times)?.nanoseconds ?? 0
        balance.ejection = reader.value("eject", .ejection, default: balance.ejection)
        return balance
    }
}

extension ValueForm where Value == BalanceRule {
    /// A word, or `{hash: KEY}`.
    static var balance: ValueForm {
        ValueForm { node in
            guard node.isMapping else { return node.read(as: ValueForm<BalanceWord>.word).map(\.rule) }
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            return reader.required("hash", ValueForm<BalanceRule.Key>.balanceKey, example: "user").map { .hash($0) }
        }
    }
}

private enum BalanceWord: String, CaseIterable {
    case roundRobin = "round-robin"
    case leastRequests = "least-requests"
    case ewma

    var rule: BalanceRule {
        switch self {
        case .roundRobin: .roundRobin
        case .leastRequests: .leastRequests
        case .ewma: .ewma
        }
    }
}

extension ValueForm where Value == BalanceRule.Key {
    private enum Word: String, CaseIterable { case user, client }

    /// `user`, `client`, `{cookie: NAME}` or `{header: NAME}`.
    static var balanceKey: ValueForm {
        ValueForm { node in
            guard node.isMapping else {
                return node.read(as: ValueForm<Word>.text(expected: expected) { Word(rawValue: $0) })
                    .map { $0 == .user ? .user : .client }
            }
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            let cookie = reader.optional("cookie", .nameToken(of: "a cookie"))
            let header = reader.optional("header", .nameToken(of: "a field"))
            guard reader.has("cookie") != reader.has("header") else {
                node.report("`\(node.name)` must be \(expected)", mend: "Write one of them.")
                return nil
            }
            return cookie.map { .cookie(Array($0.utf8)) } ?? header.map { .header(Array($0.lowercased().utf8)) }
        }
    }

    private static var expected: String { "user, client, {cookie: NAME} or {header: NAME}" }
}

extension ValueForm where Value == String {
    /// A token (RFC 9110 section 5.6.2), which the names of fields and of cookies are.
    fileprivate static func nameToken(of what: String) -> ValueForm {
        text(expected: "the name of \(what)", mend: "Use letters, digits and hyphens.") { text in
            let isToken = text.utf8.allSatisfy { byte in
                switch byte {
                case 48...57, 65...90, 97...122: true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
            return !text.isEmpty && text.utf8.count <= 255 && isToken ? text : nil
        }
    }
}

extension ValueForm where Value == EjectionRule? {
    /// `off`, or what ejects an instance.
    static var ejection: ValueForm {
        ValueForm { node in
            if node.text == "off" { return .some(nil) }
            guard node.isMapping else {
                node.reportMismatch(
                    expected: "off or a mapping", mend: "Write for example `eject: {errors: 5, for: 10s, keep: 50%}`.")
                return nil
            }
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            var rule = EjectionRule()
            rule.errors = reader.value("errors", .integerOrOff(in: 1...1000), default: rule.errors)
            rule.latency = reader.value("latency", .integerOrOff(in: 2...100), default: rule.latency)
            let times = ValueForm<Duration>.duration(in: .seconds(1) ... .seconds(300))
            rule.time = reader.optional("for", times)?.nanoseconds ?? rule.time
            rule.keep = reader.value("keep", .percentage(in: 1...100), default: rule.keep)
            if rule.errors == 0, rule.latency == 0 { return .some(nil) }
            return rule
        }
    }
}

extension ValueForm where Value == Int {
    /// A whole number, or `off` for 0.
    fileprivate static func integerOrOff(in range: ClosedRange<Int>) -> ValueForm {
        ValueForm { node in node.text == "off" ? 0 : node.read(as: .integer(in: range)) }
    }

    /// `50%`.
    static func percentage(in range: ClosedRange<Int>) -> ValueForm {
        text(
            expected: "a share from \(range.lowerBound)% to \(range.upperBound)%", mend: "Write for example 50%."
        ) { text in
            guard text.hasSuffix("%"), let number = Int(text.dropLast()), "\(number)%" == text else { return nil }
            return range.contains(number) ? number : nil
        }
    }
}
