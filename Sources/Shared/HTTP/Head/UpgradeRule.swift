/// Upgrade (RFC 9110 section 7.8): which protocols may be asked for through the gate, and which answers fit.
package enum UpgradeRule {
    /// Whether the field is given once, holds tokens with or without a version, and names nothing that carries HTTP.
    static func isPassable(_ bytes: RawSpan, _ fields: FieldIndex) -> Bool {
        var given = 0
        for line in fields.lines where line.name == .upgrade { given += 1 }
        guard given == 1 else { return false }
        var isPassable = true
        var names = 0
        forEach(bytes, fields.lines[fields.upgrade].valueRange) { name in
            names += 1
            isPassable = isPassable && isProtocol(bytes, name) && !carriesHTTP(bytes, name)
        }
        return names > 0 && isPassable
    }

    /// Whether `answer` is one protocol, and one of those in `request`.
    package static func isOffered(
        _ answer: RawSpan, _ answered: Range<Int>, in request: RawSpan, _ offered: Range<Int>
    ) -> Bool {
        guard isProtocol(answer, answered) else { return false }
        var isFound = false
        forEach(request, offered) { name in
            guard name.count == answered.count else { return }
            for offset in 0..<name.count {
                let one = Bytes.lowercased(Bytes.at(request, name.lowerBound + offset))
                guard one == Bytes.lowercased(Bytes.at(answer, answered.lowerBound + offset)) else { return }
            }
            isFound = true
        }
        return isFound
    }

    private static func forEach(_ bytes: RawSpan, _ value: Range<Int>, _ body: (Range<Int>) -> Void) {
        var start = value.lowerBound
        while start < value.upperBound {
            var end = start
            while end < value.upperBound, Bytes.at(bytes, end) != Bytes.comma { end += 1 }
            let name = Bytes.trimmed(bytes, start..<end)
            if !name.isEmpty { body(name) }
            start = end + 1
        }
    }

    /// protocol-name, and protocol-version after a slash.
    private static func isProtocol(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        var slash = name.lowerBound
        while slash < name.upperBound, Bytes.at(bytes, slash) != 47 { slash += 1 }
        guard Bytes.isToken(bytes, name.lowerBound..<slash) else { return false }
        return slash == name.upperBound || Bytes.isToken(bytes, slash + 1..<name.upperBound)
    }

    private static func carriesHTTP(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        Bytes.hasPrefix(bytes, name, "h2") || Bytes.hasPrefix(bytes, name, "h3")
            || Bytes.hasPrefix(bytes, name, "http") || Bytes.hasPrefix(bytes, name, "tls")
    }
}
