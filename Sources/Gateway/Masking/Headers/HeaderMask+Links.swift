/// `Refresh` and `Link`.
extension HeaderMask {
    /// `5; url=…` (HTML Standard, "shared declarative refresh steps").
    func refresh(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        var index = value.lowerBound
        func skip(_ isSkipped: (UInt8) -> Bool) {
            while index < value.upperBound, isSkipped(bytes.octet(index)) { index += 1 }
        }
        skip { $0 == 32 || $0 == 9 || $0 == UInt8(ascii: ".") || $0 >= 48 && $0 <= 57 }
        skip { $0 == 32 || $0 == 9 || $0 == UInt8(ascii: ";") || $0 == UInt8(ascii: ",") }
        if bytes.beginsWithWord("url", at: index..<value.upperBound) {
            let before = index
            index += 3
            skip { $0 == 32 || $0 == 9 }
            if index < value.upperBound, bytes.octet(index) == UInt8(ascii: "=") {
                index += 1
                skip { $0 == 32 || $0 == 9 }
            } else {
                index = before
            }
        }
        var end = value.upperBound
        if index < end, bytes.octet(index) == UInt8(ascii: "\"") || bytes.octet(index) == UInt8(ascii: "'") {
            let quote = bytes.octet(index)
            index += 1
            end = bytes.first(quote, in: index..<end) ?? end
        }
        guard index < end else { return .unchanged }
        add(bytes, value.lowerBound..<index)
        let outcome = reference(bytes, index..<end)
        guard case .changed = outcome else { return outcome }
        add(bytes, end..<value.upperBound)
        return .changed
    }

    /// `<…>; rel=next, <…>; rel=prev` (RFC 8288 section 3): a link that leads nowhere is left out, the others stay.
    func links(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        var isChanged = false
        var hasLost = false
        var start = value.lowerBound
        let outputStart = output.count
        while start < value.upperBound {
            let end = Self.linkEnd(bytes, start..<value.upperBound)
            let link = bytes.trimmed(start..<end)
            start = end + 1
            guard !link.isEmpty else { continue }
            let before = output.count
            if before > outputStart { add(", ") }
            switch self.link(bytes, link) {
            case .changed: isChanged = true
            case .unchanged: add(bytes, link)
            case .unreachable:
                withdraw(to: before)
                hasLost = true
            }
        }
        if hasLost { return output.count == outputStart || refusesAnswers ? .unreachable : .changed }
        return isChanged ? .changed : .unchanged
    }

    private func link(_ bytes: RawSpan, _ link: Range<Int>) -> Outcome {
        guard bytes.octet(link.lowerBound) == UInt8(ascii: "<"),
            let close = bytes.first(UInt8(ascii: ">"), in: link)
        else { return isPlain ? .unchanged : .unreachable }
        let start = output.count
        let target = link.lowerBound + 1..<close
        add("<")
        let first = reference(bytes, target)
        if case .unreachable = first { return .unreachable }
        if case .unchanged = first { add(bytes, target) }
        let second = parameters(bytes, close..<link.upperBound)
        if case .unreachable = second { return .unreachable }
        if case .unchanged = second {
            guard case .changed = first else {
                withdraw(to: start)
                return .unchanged
            }
            add(bytes, close..<link.upperBound)
        }
        return .changed
    }

    /// `anchor` is a reference too; whole URLs may stand in others.
    private func parameters(_ bytes: RawSpan, _ range: Range<Int>) -> Outcome {
        guard !isPlain, let anchor = Self.anchor(bytes, range) else { return embedded(bytes, range) }
        let start = output.count
        add(bytes, range.lowerBound..<anchor.lowerBound)
        switch reference(bytes, anchor) {
        case .unreachable: return .unreachable
        case .unchanged:
            withdraw(to: start)
            return embedded(bytes, range)
        case .changed:
            add(bytes, anchor.upperBound..<range.upperBound)
            return .changed
        }
    }

    private static func anchor(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int>? {
        var index = range.lowerBound
        while let semicolon = bytes.first(UInt8(ascii: ";"), in: index..<range.upperBound) {
            index = semicolon + 1
            let rest = bytes.trimmed(index..<range.upperBound)
            guard bytes.beginsWithWord("anchor=\"", at: rest) else { continue }
            let start = rest.lowerBound + 8
            return start..<(bytes.first(UInt8(ascii: "\""), in: start..<range.upperBound) ?? range.upperBound)
        }
        return nil
    }

    /// Where a link ends: at a comma outside of brackets and quotes.
    private static func linkEnd(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
        var isInTarget = false
        var isQuoted = false
        var index = range.lowerBound
        while index < range.upperBound {
            let byte = bytes.octet(index)
            if isQuoted {
                if byte == UInt8(ascii: "\\") { index += 1 } else if byte == UInt8(ascii: "\"") { isQuoted = false }
            } else if isInTarget {
                if byte == UInt8(ascii: ">") { isInTarget = false }
            } else if byte == UInt8(ascii: "\"") {
                isQuoted = true
            } else if byte == UInt8(ascii: "<") {
                isInTarget = true
            } else if byte == UInt8(ascii: ",") {
                return index
            }
            index += 1
        }
        return range.upperBound
    }
}
