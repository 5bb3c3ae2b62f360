import Testing

@testable import Shared

@Suite("For any path that is accepted")
struct CanonicalPathPropertyTests {
    private static let pieces = [
        "/", "/", "/", "a", "b", "Z", "7", ".", "..", "%2e", "%2E", "%2F", "%2f", "%5c", "%25", "%252e", "%00", "%0a",
        "%3B", ";", "%23", "%3f", "%20", "+", "%2B", "%c3%a9", "%C3", "%e2%82%ac", "%F0%9F%98%80", "%c0%ae", "%", "%4",
        "%41", "~", "%7e", "@", ":", "=", "%7C", "\\",
    ]

    /// Accepted paths from random pieces; most random ones are refused, so there are many tries.
    private static func acceptedPaths(seed: UInt64) -> [CanonicalPath] {
        var generator = SeededGenerator(seed: seed)
        return (0..<40_000).compactMap { _ in
            let count = Int.random(in: 0...9, using: &generator)
            let target = "/" + (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            return try? CanonicalPath(target)
        }
    }

    @Test("parsing its canonical form gives the same segments and the same canonical form")
    func canonicalIsAFixedPoint() throws {
        let paths = Self.acceptedPaths(seed: 1)
        #expect(paths.count > 5_000)
        for path in paths {
            let again = try CanonicalPath(path.canonical)
            #expect(again.strings == path.strings)
            #expect(again.canonical == path.canonical)
            #expect(again.hasTrailingSlash == path.hasTrailingSlash)
            #expect(again.hasEncodedSlash == path.hasEncodedSlash)
        }
    }

    @Test("all spellings of the same segments have one canonical form")
    func sameValuesSameForm() {
        var forms: [[String]: [UInt8]] = [:]
        var met = 0
        for path in Self.acceptedPaths(seed: 2) where !path.hasTrailingSlash {
            if let form = forms[path.strings] {
                met += 1
                #expect(form == path.canonical)
            }
            forms[path.strings] = path.canonical
        }
        #expect(met > 100)
    }

    @Test("who splits and decodes in any order, once, meets no dot segment, backslash or control")
    func noReaderClimbs() {
        for path in Self.acceptedPaths(seed: 3) {
            let pieces = path.strings.joined(separator: "/").split(separator: "/")
            #expect(!pieces.contains(".") && !pieces.contains(".."))
            #expect(!path.values.contains { $0 < 0x20 || $0 == 0x7F || $0 == UInt8(ascii: "\\") })
        }
    }
}
