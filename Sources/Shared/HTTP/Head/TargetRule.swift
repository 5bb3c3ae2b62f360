/// The forms of a request-target (RFC 9112 section 3.2); what its path says is decided later.
package enum TargetRule {
    /// Whether `target` has a form that goes with the method.
    static func isValid(_ bytes: RawSpan, _ target: Range<Int>, _ method: Method) -> Bool {
        if method == .connect { return HostRule.isValid(bytes, target) }
        if Bytes.first(35, in: bytes, target.lowerBound, target.upperBound) != nil { return false }  // #
        if Bytes.at(bytes, target.lowerBound) == 47 { return true }  // /
        if target.count == 1 && Bytes.at(bytes, target.lowerBound) == 42 { return method == .options }  // *
        return authority(bytes, target) != nil
    }

    /// The authority of a target in absolute form; nil for the other forms.
    package static func authority(_ bytes: RawSpan, _ target: Range<Int>) -> Range<Int>? {
        let start: Int
        if Bytes.hasPrefix(bytes, target, "http://") {
            start = target.lowerBound + 7
        } else if Bytes.hasPrefix(bytes, target, "https://") {
            start = target.lowerBound + 8
        } else {
            return nil
        }
        var end = start
        while end < target.upperBound, Bytes.at(bytes, end) != 47, Bytes.at(bytes, end) != 63 { end += 1 }
        return HostRule.isValid(bytes, start..<end) ? start..<end : nil
    }

    /// An authority without its port.
    package static func host(_ bytes: RawSpan, _ authority: Range<Int>) -> Range<Int> {
        var end = authority.upperBound
        while end > authority.lowerBound {
            end -= 1
            let byte = Bytes.at(bytes, end)
            if byte == Bytes.colon { return authority.lowerBound..<end }
            // A bracket, or a letter of a name: what is behind it is no port.
            if byte < 48 || byte > 57 { break }
        }
        return authority
    }

    /// Whether two authorities are the same, letters compared without case.
    package static func isSame(_ bytes: RawSpan, _ one: Range<Int>, _ other: Range<Int>) -> Bool {
        Bytes.equals(bytes, one, other)
    }
}
