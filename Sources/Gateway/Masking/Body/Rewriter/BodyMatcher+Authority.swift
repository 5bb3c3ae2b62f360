/// What stands around a name: scheme and slashes before it, a port behind it, and whether it is a name of its own.
extension BodyMatcher {
    private static let schemes: [(StaticString, BodyMatch.Scheme)] = [
        ("https", .web), ("http", .web), ("wss", .socket), ("ws", .socket),
    ]

    /// Whether no longer name reaches into the one that begins at `start`.
    func isBoundary(_ bytes: RawSpan, before start: Int, _ name: BodyName) -> Bool {
        guard start > 0, name.kind != .path else { return true }
        let unit = BodyUnit.previous(bytes, start, 0)
        if name.kind == .address {
            let isNumber = unit.value == UInt32(Ascii.period) || unit.value == UInt32(Ascii.colon) && name.isVersion6
            if isNumber && !Self.isSpelledApart(bytes, unit) { return false }
        }
        guard Ascii.isNameCharacter(unit.value) else { return true }
        // `\n`, `\t`: the letter is no letter.
        return unit.end - unit.start == 1 && unit.start > 0 && bytes.byte(unit.start - 1) == Ascii.backslash
            && Self.isEscapeLetter(unit.value)
    }

    /// A period or colon before an address that is not part of it: the text before ends in it (`at: ::1` has a blank).
    private static func isSpelledApart(_ bytes: RawSpan, _ unit: BodyUnit) -> Bool {
        guard unit.start > 0 else { return true }
        let before = BodyUnit.previous(bytes, unit.start, 0).value
        return !(Ascii.isNameCharacter(before) || before == UInt32(Ascii.colon))
    }

    private static func isEscapeLetter(_ value: UInt32) -> Bool {
        value == 110 || value == 114 || value == 116 || value == 98 || value == 102 || value == 118  // n r t b f v
    }

    // MARK: Before

    /// Finds `scheme://user@` before the name, and sets where the match begins.
    func readPrefix(_ bytes: RawSpan, _ name: BodyName, _ match: inout BodyMatch) {
        guard name.kind != .path else { return }
        let lowest = max(floor, match.name.lowerBound - Self.prefixLimit)
        var position = match.name.lowerBound
        guard position > lowest else { return }
        var unit = BodyUnit.previous(bytes, position, lowest)
        if name.isVersion6, unit.value == UInt32(ascii: "[") {
            position = unit.start
            match.start = position
            guard position > lowest else { return }
            unit = BodyUnit.previous(bytes, position, lowest)
        }
        match.isMail = unit.value == UInt32(Ascii.at)
        let isSubName = unit.value == UInt32(Ascii.period)
        if match.isMail || isSubName {
            while unit.value != UInt32(Ascii.slash) {
                position = unit.start
                guard Ascii.isAuthorityCharacter(unit.value), position > lowest else { return }
                unit = BodyUnit.previous(bytes, position, lowest)
            }
        }
        guard unit.value == UInt32(Ascii.slash), unit.start > lowest else { return }
        let first = BodyUnit.previous(bytes, unit.start, lowest)
        guard first.value == UInt32(Ascii.slash), first.depth == unit.depth else { return }
        match.slashes = first.start..<unit.end
        match.depth = unit.depth
        match.start = first.start
        match.isForeign = isSubName
        match.isMail = false
        readScheme(bytes, lowest, &match)
    }

    private func readScheme(_ bytes: RawSpan, _ lowest: Int, _ match: inout BodyMatch) {
        guard match.start > lowest else { return }
        let colon = BodyUnit.previous(bytes, match.start, lowest)
        guard colon.value == UInt32(Ascii.colon) else { return }
        for (text, scheme) in Self.schemes {
            guard let start = Self.begins(bytes, text, before: colon.start, count: text.utf8CodeUnitCount, lowest)
            else {
                continue
            }
            match.scheme = scheme
            match.colon = colon.start..<colon.end
            match.start = start
            return
        }
    }

    /// Where the first `count` letters of `text` begin that end at `end`; nil where they do not.
    static func begins(_ bytes: RawSpan, _ text: StaticString, before end: Int, count: Int, _ lowest: Int) -> Int? {
        var position = end
        for index in stride(from: count - 1, through: 0, by: -1) {
            guard position > lowest else { return nil }
            let unit = BodyUnit.previous(bytes, position, lowest)
            guard unsafe Ascii.lowercased(unit.value) == UInt32(text.utf8Start[index]) else { return nil }
            position = unit.start
        }
        return position
    }

    // MARK: Behind

    /// Reads a period and a port behind the name. A name that goes on is another one.
    func readAuthority(_ bytes: RawSpan, _ name: BodyName, _ match: inout BodyMatch) -> BodyName.Step {
        var position = match.name.upperBound
        guard name.kind != .path else { return endOfPath(bytes, position) }
        guard let unit = unit(bytes, position) else { return .cut }
        var next = unit
        if name.isVersion6, next.value == UInt32(ascii: "]") {
            position = next.end
            guard let unit = self.unit(bytes, position) else { return .cut }
            next = unit
        }
        if next.value == UInt32(Ascii.period) {
            guard let following = self.unit(bytes, next.end) else { return .cut }
            if Ascii.isNameCharacter(following.value) { return .mismatch }
            if Self.isBehindHost(following.value) {
                position = next.end
                next = following
            }
        }
        if Ascii.isNameCharacter(next.value) { return .mismatch }
        var port: UInt16?
        if next.value == UInt32(Ascii.colon) {
            if name.isVersion6, position == match.name.upperBound { return .mismatch }
            guard let end = readPort(bytes, next, &port) else { return .cut }
            if end > next.end {
                match.portColon = next.start..<next.end
                if match.depth < 0 { match.depth = next.depth }
                position = end
            }
        }
        return isOwn(name, port, &match) ? .end(position) : .mismatch
    }

    /// Whether name and port are the service's; another port of a name that is the service's alone is foreign.
    private func isOwn(_ name: BodyName, _ port: UInt16?, _ match: inout BodyMatch) -> Bool {
        let isKnown = port.map { name.ports.contains($0) || $0 == 80 || $0 == 443 } ?? true
        guard name.needsPort else {
            if !isKnown { match.isForeign = true }
            return true
        }
        guard let port else { return match.scheme != .none && name.ports.contains(80) }
        return name.ports.contains(port)
    }

    /// The end of the digits behind a colon, where there are some; nil where the bytes end too soon.
    private func readPort(_ bytes: RawSpan, _ colon: BodyUnit, _ port: inout UInt16?) -> Int? {
        var value: UInt32 = 0
        var position = colon.end
        while position - colon.end < 5 {
            guard position < bytes.byteCount else {
                guard isLast else { return nil }
                break
            }
            let byte = bytes.byte(position)
            guard byte >= 48, byte <= 57 else { break }
            value = value * 10 + UInt32(byte - 48)
            position += 1
        }
        if position > colon.end { port = UInt16(exactly: value) ?? 0 }
        return position
    }

    /// The unit at `position`, a blank at the end of all; nil where what comes decides.
    private func unit(_ bytes: RawSpan, _ position: Int) -> BodyUnit? {
        guard position < bytes.byteCount else { return isLast ? .blank(at: position) : nil }
        let unit = BodyUnit.next(bytes, position)
        return unit.isCut && !isLast ? nil : unit
    }

    private func endOfPath(_ bytes: RawSpan, _ position: Int) -> BodyName.Step {
        guard let unit = unit(bytes, position) else { return .cut }
        return Ascii.isNameCharacter(unit.value) ? .mismatch : .end(position)
    }

    private static func isBehindHost(_ value: UInt32) -> Bool {
        value == UInt32(Ascii.slash) || value == UInt32(Ascii.colon) || value == UInt32(Ascii.question)
            || value == UInt32(Ascii.hash)
    }
}

extension UInt32 {
    @inline(__always) init(ascii scalar: Unicode.Scalar) { self = scalar.value }
}
