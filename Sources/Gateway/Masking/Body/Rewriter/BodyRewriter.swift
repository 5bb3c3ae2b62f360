// Unsafe code: lends the bytes of arrays.

/// Rewrites one body as it comes: every name of the service in it, and the URL that the name stands in, becomes one of
/// the gate, spelled as it was. Nothing waits but what may be the beginning of such a place.
///
/// Used again from body to body (`begin`); what it needs for its work it keeps.
final class BodyRewriter<URLs: BodyURLs> {
    private(set) var patterns: BodyPatterns?
    private var urls: URLs?
    private var origin = PublicOrigin()
    /// The end of what has left, for what stands before a name, and behind it what waits.
    private var held: [UInt8] = []
    private var context = 0
    /// The rest of a long URL is being dropped; how many times it is encoded.
    private var dropped: Int?
    private var target = BodyTarget()
    private var mapped: [UInt8] = []
    private var rewritten: [UInt8] = []
    private var inner: BodyRewriter<URLs>?
    private let depth: Int
    /// Names that were replaced since `begin`.
    private(set) var replacements: UInt64 = 0

    /// Bytes before a name that tell whether it is one.
    private static var contextLength: Int { 40 }
    /// So many bytes are looked at together with what waits: more than can wait, so that all of that is decided.
    private static var seam: Int {
        BodyMatcher.prefixLimit + BodyMatcher.nameLimit + BodyMatcher.targetLimit + 4 * BodyUnit.longest + 512
    }
    /// URLs within URLs that are looked at.
    private static var deepest: Int { 3 }

    convenience init() { self.init(depth: 0) }

    private init(depth: Int) { self.depth = depth }

    /// Begins a body.
    func begin(_ patterns: BodyPatterns, as origin: PublicOrigin, _ urls: URLs) {
        self.patterns = patterns
        self.origin = origin
        self.urls = urls
        held.removeAll(keepingCapacity: true)
        context = 0
        dropped = nil
        replacements = 0
    }

    /// Lets go of the body, and of what it was rewritten by.
    func end() {
        patterns = nil
        urls = nil
        inner?.end()
    }

    /// Bytes that wait.
    var heldCount: Int { held.count - context }

    // MARK: Pieces

    /// Adds to `output` what can be said after one more piece.
    func rewrite(_ piece: RawSpan, into output: inout [UInt8]) {
        add(piece, isLast: false, &output)
    }

    /// Adds to `output` what is left at the end of the body.
    func finish(into output: inout [UInt8]) {
        add(RawSpan(), isLast: true, &output)
    }

    /// Whether a piece goes out as it is, whole. It is told of then, and need not be rewritten.
    func passes(_ piece: RawSpan) -> Bool {
        guard let patterns, piece.byteCount > 0, held.count == context, dropped == nil,
            BodyScan.candidate(piece, from: 0, patterns) == nil,
            BodyMatcher(isLast: false, floor: 0).tail(piece, patterns) == piece.byteCount
        else { return false }
        keepContext(of: piece)
        return true
    }

    private func keepContext(of piece: RawSpan) {
        let count = min(piece.byteCount, Self.contextLength)
        if held.count + count > Self.contextLength { held.removeFirst(held.count + count - Self.contextLength) }
        held.append(span: piece, piece.byteCount - count..<piece.byteCount)
        context = held.count
    }

    private func add(_ piece: RawSpan, isLast: Bool, _ output: inout [UInt8]) {
        guard let patterns else { return }
        guard !held.isEmpty else {
            let done = process(piece, from: 0, isLast: isLast, patterns, &output)
            return keep(piece, done)
        }
        var seam = held
        held = []
        let taken = min(piece.byteCount, Self.seam)
        let waiting = seam.count
        seam.append(span: piece, 0..<taken)
        let isWhole = taken == piece.byteCount
        let done = process(unsafe seam.span.bytes, from: context, isLast: isLast && isWhole, patterns, &output)
        if isWhole {
            let first = max(0, done - Self.contextLength)
            seam.removeFirst(first)
            context = done - first
            held = seam
        } else {
            seam.removeAll(keepingCapacity: true)
            held = seam
            keep(piece, process(piece, from: done - waiting, isLast: isLast, patterns, &output))
        }
    }

    /// Keeps what stands behind `done`, and a little before it.
    private func keep(_ bytes: RawSpan, _ done: Int) {
        let first = max(0, done - Self.contextLength)
        held.append(span: bytes, first..<bytes.byteCount)
        context = done - first
    }

    /// Adds to `output` what becomes of `bytes` from `start` on; returns up to where that has been decided.
    private func process(
        _ bytes: RawSpan, from start: Int, isLast: Bool, _ patterns: BodyPatterns, _ output: inout [UInt8]
    ) -> Int {
        var matcher = BodyMatcher(isLast: isLast, floor: start)
        var position = start
        if let depth = dropped {
            let (place, isEnd) = BodyTarget.end(bytes, from: start, depth: depth, isLast: isLast)
            guard isEnd else { return place }
            dropped = nil
            position = place
            matcher.floor = place
        }
        while let candidate = BodyScan.candidate(bytes, from: position, patterns) {
            switch matcher.find(bytes, at: candidate, patterns, &target) {
            case .nothing:
                position = candidate + 1
            case .cut(let begin):
                // Another name may begin before it that is not whole either.
                let end = max(matcher.floor, min(begin, matcher.tail(bytes, patterns)))
                output.append(span: bytes, matcher.floor..<end)
                return end
            case .match(let match):
                output.append(span: bytes, matcher.floor..<match.start)
                replace(bytes, match, patterns, &output)
                replacements &+= 1
                position = match.end
                matcher.floor = match.end
                guard match.isLong else { continue }
                let depth = max(0, match.depth)
                let (place, isEnd) = BodyTarget.end(bytes, from: position, depth: depth, isLast: isLast)
                guard isEnd else {
                    dropped = depth
                    return place
                }
                position = place
                matcher.floor = place
            }
        }
        let end = isLast ? bytes.byteCount : matcher.tail(bytes, patterns)
        output.append(span: bytes, matcher.floor..<end)
        return end
    }

    // MARK: Replacing

    private func replace(_ bytes: RawSpan, _ match: BodyMatch, _ patterns: BodyPatterns, _ output: inout [UInt8]) {
        let depth = max(0, match.depth)
        if match.scheme != .none {
            let isWeb = match.scheme == .web
            output.append(text: origin.isSecure ? (isWeb ? "https" : "wss") : (isWeb ? "http" : "ws"))
            output.append(span: bytes, match.colon)
        }
        output.append(span: bytes, match.slashes)
        var spelling = BodySpelling(depth: depth, slash: target.slash, ampersand: target.ampersand)
        spelling.colon = match.portColon.isEmpty ? match.colon : match.portColon
        spelling.append(origin.authority, as: bytes, to: &output)
        guard !target.bytes.isEmpty, !match.isForeign else { return }
        if map(patterns) {
            spelling.append(mapped, as: bytes, to: &output)
        } else if target.bytes.count == 1, !target.slash.isEmpty {
            output.append(span: bytes, target.slash)
        }
    }

    /// Puts into `mapped` where the target is in the public space; false where it is nowhere. A URL of the service in
    /// its own query is mapped first.
    private func map(_ patterns: BodyPatterns) -> Bool {
        guard let urls else { return false }
        mapped.removeAll(keepingCapacity: true)
        let text = target.bytes
        guard unsafe BodyScan.candidate(text.span.bytes, from: 0, patterns) != nil else {
            return urls.appendPublicTarget(of: unsafe text.span.bytes, service: patterns.service, to: &mapped)
        }
        guard depth < Self.deepest else { return false }
        let inner = self.inner ?? BodyRewriter(depth: depth + 1)
        self.inner = inner
        inner.begin(patterns, as: origin, urls)
        var rewritten = self.rewritten
        self.rewritten = []
        rewritten.removeAll(keepingCapacity: true)
        inner.add(unsafe text.span.bytes, isLast: true, &rewritten)
        defer { self.rewritten = rewritten }
        return urls.appendPublicTarget(of: unsafe rewritten.span.bytes, service: patterns.service, to: &mapped)
    }
}

extension [UInt8] {
    /// Adds `range` of `bytes`.
    @inline(__always) mutating func append(span bytes: RawSpan, _ range: Range<Int>) {
        guard !range.isEmpty else { return }
        unsafe bytes.extracting(range).withUnsafeBytes { unsafe append(contentsOf: $0) }
    }

    /// Adds an ASCII text.
    @inline(__always) mutating func append(text: StaticString) {
        unsafe append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }
}
