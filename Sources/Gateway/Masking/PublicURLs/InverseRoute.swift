import Shared

/// A route read backwards: which of its service's paths it leads to, and the public path of each.
struct InverseRoute: Sendable {
    /// A piece of a segment of the service's path.
    enum Piece: Sendable, Equatable, Hashable {
        /// In canonical form.
        case text([UInt8])
        case parameter
    }
    /// A segment of the service's path.
    enum Segment: Sendable, Equatable, Hashable {
        case fixed([UInt8])
        case parameter
        /// Text and parameters by turns: `{name}.json`.
        case pieces([Piece])
    }
    /// A piece of the public path.
    enum PublicPart: Sendable {
        /// In canonical form.
        case text([UInt8])
        /// What the parameter at this place of the service's path took. A catch-all that took nothing leaves the slash
        /// before it out.
        case value(Int)
    }

    /// Its place among the routes of the tree.
    let route: Int
    let segments: [Segment]
    /// All segments that follow are the value of the last parameter.
    let endsInCatchAll: Bool
    /// The catch-all may take nothing.
    let mayBeEmpty: Bool
    let parts: [PublicPart]
    /// Places that must have taken the same: one parameter that stands there twice.
    let repeated: [(Int, Int)]

    /// Nil for a route whose public path cannot be told from its service's: a parameter of the first is not in the
    /// second, or something follows a catch-all.
    init?(route: Int, pattern: RoutePattern, template: PathTemplate?) {
        self.route = route
        var reading = TemplateReading(pattern: pattern)
        if let template { reading.read(template) } else { reading.readPattern() }
        guard !reading.goesOnAfterCatchAll else { return nil }
        segments = reading.segments
        endsInCatchAll = reading.endsInCatchAll
        mayBeEmpty = reading.mayBeEmpty
        repeated = reading.repeated
        guard let parts = Self.publicParts(pattern, placeOfParameter: reading.placeOfParameter) else { return nil }
        self.parts = parts
    }

    private static func publicParts(_ pattern: RoutePattern, placeOfParameter: [Int: Int]) -> [PublicPart]? {
        var parts: [PublicPart] = []
        var text: [UInt8] = []
        var parameter = 0
        for segment in pattern.segments {
            if case .fixed(let value) = segment {
                text.append(UInt8(ascii: "/"))
                text += PathEncoding.canonical(value)
                continue
            }
            if let place = placeOfParameter[parameter] {
                text.append(UInt8(ascii: "/"))
                parts.append(.text(text))
                text = []
                parts.append(.value(place))
            } else if case .optionalCatchAll = segment {
                // Without it, it has taken nothing.
            } else {
                return nil
            }
            parameter += 1
        }
        if !text.isEmpty || parts.isEmpty { parts.append(.text(text.isEmpty ? [UInt8(ascii: "/")] : text)) }
        return parts
    }
}

/// Takes a template, or a pattern that is its own template, apart into segments.
private struct TemplateReading {
    let pattern: RoutePattern
    var segments: [InverseRoute.Segment] = []
    var endsInCatchAll = false
    var mayBeEmpty = false
    /// A catch-all in the middle: where it ends cannot be told.
    var goesOnAfterCatchAll = false
    /// The first place of each parameter of the pattern, among the parameters of the template.
    var placeOfParameter: [Int: Int] = [:]
    var repeated: [(Int, Int)] = []
    private var places = 0
    private var pieces: [InverseRoute.Piece] = []

    init(pattern: RoutePattern) { self.pattern = pattern }

    mutating func readPattern() {
        var parameter = 0
        for segment in pattern.segments {
            switch segment {
            case .fixed(let value): segments.append(.fixed(PathEncoding.canonical(value)))
            case .parameter, .catchAll, .optionalCatchAll:
                take(parameter)
                parameter += 1
                endSegment()
            }
        }
    }

    mutating func read(_ template: PathTemplate) {
        for part in template.parts {
            switch part {
            case .text(let text):
                for (index, piece) in text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
                    .enumerated()
                {
                    if index > 0 { endSegment() }
                    guard !piece.isEmpty else { continue }
                    if endsInCatchAll { goesOnAfterCatchAll = true }
                    pieces.append(.text(PathEncoding.canonical(escaped: piece)))
                }
            case .parameter(let index): take(index)
            }
        }
        endSegment()
    }

    private mutating func take(_ parameter: Int) {
        let segment = pattern.segments.filter { $0.name != nil }[parameter]
        if endsInCatchAll { goesOnAfterCatchAll = true }
        if let first = placeOfParameter[parameter] {
            repeated.append((first, places))
        } else {
            placeOfParameter[parameter] = places
        }
        places += 1
        if segment.isCatchAll {
            endsInCatchAll = true
            if case .optionalCatchAll = segment { mayBeEmpty = true }
        } else {
            pieces.append(.parameter)
        }
    }

    private mutating func endSegment() {
        defer { pieces = [] }
        switch pieces.count {
        case 0: return
        case 1:
            if case .text(let text) = pieces[0] { segments.append(.fixed(text)) } else { segments.append(.parameter) }
        default: segments.append(.pieces(pieces))
        }
    }
}
