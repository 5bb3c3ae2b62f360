import Shared

/// `path:` of a route file: the path that the service is asked for, with what the route's name took from the request's
/// own. `{name}` stands for one segment or a part of one, `{name...}` for all segments of a catch-all.
///
/// What is put in is the canonical form of a segment, in which every byte that could end a segment or a path is
/// escaped: a parameter never becomes another segment, a query or a header.
struct PathTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case text([UInt8])
        /// The parameter at this place among those of the route's pattern.
        case parameter(Int)
    }
    /// Why a template cannot be used, and the mend.
    struct Fault: Error, Equatable {
        let message: String
        let mend: String
    }
    let parts: [Part]

    init(_ template: String, for pattern: RoutePattern) throws(Fault) {
        let parameters = pattern.segments.filter { $0.name != nil }
        var parts: [Part] = []
        var text: [UInt8] = []
        var sample: [UInt8] = []
        var rest = Array(template.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "{") else {
                text.append(byte)
                sample.append(byte)
                continue
            }
            guard let close = rest.firstIndex(of: UInt8(ascii: "}")) else {
                throw Fault(message: "a brace is not closed", mend: "Write {name}.")
            }
            let name = String(decoding: rest[..<close], as: UTF8.self)
            rest = rest[(close + 1)...]
            if !text.isEmpty { parts.append(.text(text)) }
            text = []
            let isWhole = sample.last == UInt8(ascii: "/") && (rest.isEmpty || rest.first == UInt8(ascii: "/"))
            parts.append(.parameter(try Self.index(of: name, among: parameters, isWholeSegment: isWhole)))
            sample.append(UInt8(ascii: "x"))
        }
        if !text.isEmpty { parts.append(.text(text)) }
        try Self.check(sample, template)
        self.parts = parts
    }

    /// Whether the template with a letter for each parameter is a path that the gateway would take itself.
    private static func check(_ sample: [UInt8], _ template: String) throws(Fault) {
        let path: CanonicalPath
        do throws(PathError) {
            path = try CanonicalPath(sample)
        } catch {
            throw Fault(
                message: "'\(template)' is no path: \(error.reason)", mend: "Write for example /current/{city}.")
        }
        guard path.query == nil else {
            throw Fault(message: "a path has no query", mend: "Take the question mark and what follows out.")
        }
    }

    private static func index(
        of name: String, among parameters: [RoutePattern.Segment], isWholeSegment: Bool
    ) throws(Fault) -> Int {
        let isAll = name.hasSuffix("...")
        let bare = isAll ? String(name.dropLast(3)) : name
        guard let index = parameters.firstIndex(where: { $0.name == bare }) else {
            let known = parameters.compactMap(\.name).map { "{\($0)}" }.joined(separator: ", ")
            throw Fault(
                message: "the route has no parameter '\(bare)'",
                mend: known.isEmpty ? "The file's name has none: write the path without braces." : "It has: \(known).")
        }
        guard parameters[index].isCatchAll == isAll else {
            throw Fault(
                message: "'{\(name)}' does not go with \(parameters[index].description)",
                mend: isAll ? "Write {\(bare)}." : "Write {\(bare)...}.")
        }
        guard !isAll || isWholeSegment else {
            throw Fault(message: "'{\(name)}' must stand between slashes", mend: "Write for example /files/{\(name)}.")
        }
        return index
    }

    /// Adds the path for one request to `bytes`. A catch-all that took nothing leaves its slash out.
    func append(_ path: borrowing CanonicalPath, _ captures: RouteCaptures, to bytes: inout [UInt8]) {
        for part in parts {
            switch part {
            case .text(let text): bytes.append(contentsOf: text)
            case .parameter(let index):
                let segments = captures.entries[index].segments
                if segments.isEmpty, bytes.last == UInt8(ascii: "/"), bytes.count > 1 { bytes.removeLast() }
                for (place, segment) in segments.enumerated() {
                    if place > 0 { bytes.append(UInt8(ascii: "/")) }
                    bytes.append(contentsOf: path.canonical[path.encodedSegment(segment)])
                }
            }
        }
    }
}
