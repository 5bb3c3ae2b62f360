/// A name of the service in a text, with all of the URL that it stands in.
struct BodyMatch {
    enum Scheme { case none, web, socket }

    var name: Range<Int>
    /// Where what is replaced begins: at the scheme, the slashes before the name, or the name.
    var start: Int
    var scheme = Scheme.none
    /// The colon behind the scheme, and the two slashes.
    var colon = 0..<0
    var slashes = 0..<0
    /// How many times the URL is percent-encoded as a whole; -1 while nothing has told.
    var depth = -1
    /// The colon before the port.
    var portColon = 0..<0
    /// Part of a longer host name, another port of the host, or an address too long to be looked at: no public URL.
    var isForeign = false
    /// It stands behind `user@` without a scheme.
    var isMail = false
    /// Where the port, or the name, ends; and where all of it does.
    var authorityEnd = 0
    var end = 0
    /// The target is longer than what is looked at: the rest of it is dropped.
    var isLong = false

    var hasSlashes: Bool { !slashes.isEmpty }
}

/// What was found at a candidate.
enum BodyFinding {
    case nothing
    /// The bytes end within it; it begins, if it is one, at this place.
    case cut(Int)
    case match(BodyMatch)
}

/// Finds names around candidates, and what belongs to them.
struct BodyMatcher {
    /// Bytes of text that are looked at before a name for `scheme://user:password@`.
    static let prefixLimit = 512
    /// Bytes of a name in whichever spelling.
    static let nameLimit = 1024
    /// Bytes of a path and query in whichever spelling.
    static let targetLimit = 2048

    /// No more bytes come.
    var isLast: Bool
    /// Nothing before it can be part of a match: it has left.
    var floor: Int

    /// What there is at a candidate that `BodyScan` found.
    func find(_ bytes: RawSpan, at candidate: Int, _ patterns: BodyPatterns, _ target: inout BodyTarget) -> BodyFinding
    {
        let byte = bytes.byte(candidate)
        guard byte == Ascii.percent || byte == Ascii.backslash || byte == Ascii.ampersand else {
            return find(bytes, anchor: candidate, byte | 0x20, patterns, &target)
        }
        let unit = BodyUnit.next(bytes, candidate)
        if unit.isCut && !isLast { return .nothing }  // The tail is held in any case.
        guard unit.value < 0x80 else {
            guard patterns.hasScalars || !unit.isScalar else { return .nothing }
            return find(bytes, anchor: candidate, nil, patterns, &target)
        }
        let value = UInt8(truncatingIfNeeded: unit.value) | 0x20
        guard unit.end > candidate + 1, patterns.isInPair[Int(value)] else { return .nothing }
        let finding = find(bytes, anchor: candidate, value, patterns, &target)
        if case .nothing = finding, candidate > floor {
            // It may be the second of its pair, the first being plain.
            return find(bytes, anchor: candidate - 1, bytes.byte(candidate - 1) | 0x20, patterns, &target)
        }
        return finding
    }

    private func find(
        _ bytes: RawSpan, anchor: Int, _ first: UInt8?, _ patterns: BodyPatterns, _ target: inout BodyTarget
    ) -> BodyFinding {
        for name in patterns.names {
            if let first, name.bytes[name.anchor] | 0x20 != first { continue }
            let finding = match(bytes, anchor, name, &target)
            if case .nothing = finding { continue }
            return finding
        }
        return .nothing
    }

    private func match(_ bytes: RawSpan, _ anchor: Int, _ name: BodyName, _ target: inout BodyTarget) -> BodyFinding {
        guard let start = name.begins(bytes, before: anchor, count: name.anchor, floor: floor),
            isBoundary(bytes, before: start, name)
        else { return .nothing }
        var match = BodyMatch(name: start..<start, start: start)
        switch name.ends(bytes, from: anchor, at: name.anchor, isLast: isLast) {
        case .mismatch: return .nothing
        case .cut:
            // A spelling longer than any name is one that is not looked at.
            guard bytes.byteCount - start <= Self.nameLimit else { return .nothing }
            readPrefix(bytes, name, &match)
            return .cut(match.start)
        case .end(let end):
            guard end - start <= Self.nameLimit else { return .nothing }
            match.name = start..<end
        }
        readPrefix(bytes, name, &match)
        switch readAuthority(bytes, name, &match) {
        case .mismatch: return .nothing
        case .cut: return .cut(match.start)
        case .end(let end): match.authorityEnd = end
        }
        match.end = match.authorityEnd
        target.clear()
        guard name.kind != .path, !match.isMail else { return .match(match) }
        return target.read(bytes, &match, isLast: isLast) ? .match(match) : .cut(match.start)
    }
}
