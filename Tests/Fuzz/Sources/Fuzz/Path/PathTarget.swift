import Shared

/// The canonical path. An input is a request-target.
///
/// - What is accepted, and what it is read as, is what a plain reading makes of it (`PlainPath`), and does not depend on
///   what was parsed into the same object before.
/// - The canonical form is the canonical form of itself, read as the same segments: what was judged is what is forwarded.
/// - No reader who splits and decodes it, in either order, finds a way up, an empty segment, a control or a backslash.
enum PathTarget {
    static func check(_ target: [UInt8]) {
        let path = PathReading(target, after: nil)
        for before in ["/soil/%C3%A9%2Fx/?y=%20", "/soil/../x", "/plain?q"] {
            let again = PathReading(target, after: Array(before.utf8))
            require(again == path, "parsed after \(before), it reads as \(again), else as \(path)")
        }
        let plain = PlainPath.read(target)
        require(path == plain, "it reads as \(path), plainly as \(plain)")
        guard let canonical = path.canonical, let query = path.query else { return }

        let again = PathReading(canonical + query, after: nil)
        require(again == path, "its canonical form reads as \(again), it as \(path)")
        checkForm(canonical)
        for segment in path.segments { checkValue(segment) }
        // It never fails on what was accepted but for bytes that are not UTF-8.
        do throws(QueryError) {
            _ = try QueryParameters(query.dropFirst())
        } catch {
            require(error == .invalidUTF8, "the query of an accepted target has no parameters: \(error)")
        }
    }

    private static func checkForm(_ canonical: [UInt8]) {
        require(canonical.first == UInt8(ascii: "/"), "the canonical form is \(shown(canonical))")
        require(
            canonical.allSatisfy { byte in
                byte > 32 && byte < 127 && !"\\;?#\"<>[]{}|^`".utf8.contains(byte)
            }, "a byte in the canonical form \(shown(canonical))")
        // The segment after the last slash is empty for a path that ends in one.
        for segment in canonical.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).dropFirst()
            .dropLast()
        {
            require(!segment.isEmpty, "an empty segment in \(shown(canonical))")
        }
    }

    private static func checkValue(_ value: [UInt8]) {
        require(!value.isEmpty, "an empty value")
        require(
            value.allSatisfy { $0 >= 32 && $0 != 127 && $0 != UInt8(ascii: "\\") },
            "a control or backslash in the value \(shown(value))")
        require(String(validating: value, as: UTF8.self) != nil, "the value \(shown(value)) is not UTF-8")
        for piece in value.split(separator: UInt8(ascii: "/")) {
            require(Array(piece) != [46] && Array(piece) != [46, 46], "a dot segment in the value \(shown(value))")
        }
    }
}

/// What was read of a target; nil for one that is refused.
struct PathReading: Equatable {
    var canonical: [UInt8]?
    /// With its `?`; empty without one.
    var query: [UInt8]?
    var segments: [[UInt8]] = []
    /// Of `canonical`.
    var encoded: [[UInt8]] = []
    var hasTrailingSlash = false
    var hasEncodedSlash = false

    static let refused = PathReading()

    private init() {}

    init(canonical: [UInt8], query: [UInt8]) {
        self.canonical = canonical
        self.query = query
    }
}
