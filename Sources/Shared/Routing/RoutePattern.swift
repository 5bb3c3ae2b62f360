/// The pattern of a route in Next.js's names: static segments, `[name]` (one segment), `[...name]` (one or more, last)
/// and `[[...name]]` (none or more, last).
package struct RoutePattern: Sendable, Equatable, CustomStringConvertible {
    package enum Segment: Sendable, Equatable {
        /// Matches a segment with this decoded value, byte for byte.
        case fixed(String)
        case parameter(String)
        case catchAll(String)
        case optionalCatchAll(String)
    }

    /// Empty for `/`.
    package let segments: [Segment]

    /// Reads a pattern from text such as `/api/users/[id]`, or a path of a file without its ending, such as
    /// `api/users/index`: a leading slash is optional, and a last segment `index` stands for the folder.
    package init(_ text: String) throws(RoutePatternError) {
        func refuse(_ reason: RoutePatternError.Reason) -> RoutePatternError {
            RoutePatternError(pattern: text, reason: reason)
        }
        // By unicode scalars: a slash or bracket with a combining mark after it is still one to the file system.
        var parts: [String] = []
        if text != "/" {
            let body = text.unicodeScalars.first == "/" ? text.unicodeScalars.dropFirst() : text.unicodeScalars[...]
            parts = body.split(separator: "/", omittingEmptySubsequences: false).map { String($0) }
        }
        if parts.last == "index" { parts.removeLast() }
        if parts.count > CanonicalPath.segmentLimit { throw refuse(.tooManySegments) }

        var segments: [Segment] = []
        var names: Set<String> = []
        for (index, part) in parts.enumerated() {
            let segment: Segment
            do {
                segment = try Segment(part)
            } catch {
                throw refuse(error.reason)
            }
            if let name = segment.name, !names.insert(name).inserted { throw refuse(.repeatedName(name)) }
            if segment.isCatchAll, index < parts.count - 1 { throw refuse(.catchAllNotLast(segment: part)) }
            segments.append(segment)
        }
        self.segments = segments
    }

    /// The names of its parameters from left to right; each is there once.
    package var parameterNames: [String] { segments.compactMap(\.name) }

    /// The pattern in its one spelling: with a leading slash and without `index`.
    package var description: String { "/" + segments.map(\.description).joined(separator: "/") }
}

extension RoutePattern.Segment: CustomStringConvertible {
    /// The parameter's name; nil for a static segment.
    package var name: String? {
        switch self {
        case .fixed: nil
        case .parameter(let name), .catchAll(let name), .optionalCatchAll(let name): name
        }
    }

    package var isCatchAll: Bool {
        switch self {
        case .fixed, .parameter: false
        case .catchAll, .optionalCatchAll: true
        }
    }

    package var description: String {
        switch self {
        case .fixed(let value): value
        case .parameter(let name): "[\(name)]"
        case .catchAll(let name): "[...\(name)]"
        case .optionalCatchAll(let name): "[[...\(name)]]"
        }
    }
}
