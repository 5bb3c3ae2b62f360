// Unsafe code: lends the bytes of arrays.

/// The body rewriter. An input is a body of the service `api.weather.example`.
///
/// - In whatever pieces it comes, what comes of it is the same.
/// - Nothing waits beyond the bound.
/// - The service's name, plainly spelled, stands nowhere in what comes of it (`PlainOrigin`).
/// - A body without the name's letters, and without an escape, passes as it is.
enum RewriterTarget {
    private static let host = Array("api.weather.example".utf8)
    private static let bound =
        BodyMatcher.prefixLimit + BodyMatcher.nameLimit + BodyMatcher.targetLimit + 4 * BodyUnit.longest

    /// The name, an address, and a name that every host has.
    private static let patterns = BodyPatterns(
        [
            BodyName(host, kind: .host, ports: [443]),
            BodyName(Array("2001:db8::7".utf8), kind: .address, ports: [443]),
            BodyName(Array("localhost".utf8), kind: .host, ports: [8080], needsPort: true),
            BodyName(Array("/run/w.sock".utf8), kind: .path),
        ].compactMap { $0 }, service: 0)

    static func check(_ bytes: [UInt8]) {
        let whole = rewrite(bytes, cutAt: [bytes.count])
        for way in Cuts.ways(bytes) {
            let cut = rewrite(bytes, cutAt: way)
            require(cut == whole, "cut at \(way), \(shown(cut)) comes of it, of the whole \(shown(whole))")
        }
        require(!PlainOrigin.isIn(whole, host), "the service's name is left in \(shown(whole))")
        if !bytes.contains(where: { $0 == 0x25 || $0 == 0x26 || $0 == 0x5C }) && PlainOrigin.isFarFrom(bytes, patterns)
        {
            require(whole == bytes, "nothing is there to see, and \(shown(whole)) comes of it")
        }
    }

    private static func rewrite(_ bytes: [UInt8], cutAt ends: [Int]) -> [UInt8] {
        let rewriter = BodyRewriter<UpperCaseURLs>()
        rewriter.begin(patterns, as: PublicOrigin(isSecure: true, authority: Array("gate.test".utf8)), UpperCaseURLs())
        var output: [UInt8] = []
        var start = 0
        for end in ends {
            unsafe rewriter.rewrite(bytes.span.bytes.extracting(start..<end), into: &output)
            require(rewriter.heldCount <= bound, "\(rewriter.heldCount) bytes wait")
            start = end
        }
        rewriter.finish(into: &output)
        return output
    }
}

/// Public are the service's paths below /v1.
private final class UpperCaseURLs: BodyURLs {
    func appendPublicTarget(of target: RawSpan, service: Int, to output: inout [UInt8]) -> Bool {
        let path = (0..<target.byteCount).map { target.byte($0) }
        guard path.starts(with: Array("/v1/".utf8)) else { return false }
        output += Array("/api/".utf8) + path.dropFirst(4)
        return true
    }
}

/// Looks for a name in the plainest way.
enum PlainOrigin {
    static func isIn(_ text: [UInt8], _ name: [UInt8]) -> Bool {
        guard text.count >= name.count else { return false }
        let folded = text.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }
        for start in 0...text.count - name.count where folded[start] == name[0] {
            guard folded[start..<start + name.count].elementsEqual(name) else { continue }
            let before = start > 0 ? folded[start - 1] : 32
            let rest = folded[(start + name.count)...]
            // A letter before it, or behind, makes it another name; so does a period with a letter behind it. What is
            // escaped around it may be a letter: it is left to the rewriter.
            guard !isNear(before), let next = rest.first ?? 32 as UInt8?, !isNear(next) else { continue }
            return true
        }
        return false
    }

    private static func isNear(_ byte: UInt8) -> Bool {
        (byte >= 48 && byte <= 57) || (byte >= 97 && byte <= 122) || [45, 46, 95, 37, 38, 92, 59].contains(byte)
    }

    /// Whether no pair that is searched for occurs.
    static func isFarFrom(_ text: [UInt8], _ patterns: BodyPatterns) -> Bool {
        !zip(text, text.dropFirst()).contains { first, second in
            patterns.pairs.contains { first | 32 == $0.first && second | 32 == $0.second }
        }
    }
}
