import Shared

/// `path:` of a route file: the path that the service is asked for, with what the route's name took from the request's
/// own. `{name}` stands for one segment or a part of one, `{name...}` for all segments of a catch-all.
///
/// What is put in is the canonical form of a segment, in which every byte that could end a segment or a path is
/// escaped: a parameter never becomes another segment, a query or a header. A slash inside a segment, which came as
/// `%2F`, goes on as `%2F`.
struct PathTemplate: Sendable, Equatable {
    enum Part: Sendable, Equatable {
        case text([UInt8])
        /// The parameter at this place among those of the route's pattern.
        case parameter(Int)
    }
    let parts: [Part]
    /// Periods stand alone between a parameter and a slash or another parameter: beside a slash inside a parameter
    /// (`%2F`) they would be a dot segment for who decodes before it splits. Such requests are refused.
    let hasLonePeriods: Bool

    init(_ template: TemplateText, _ resolution: TemplateResolution) throws(TemplateFault) {
        var parts: [Part] = []
        // The template with a letter for each parameter and each secret, as the gateway would be asked for it.
        var sample: [UInt8] = []
        var secrets: [String] = []
        func append(_ text: [UInt8]) {
            if case .text(let before) = parts.last {
                parts[parts.count - 1] = .text(before + text)
            } else {
                parts.append(.text(text))
            }
        }
        for (place, token) in template.tokens.enumerated() {
            switch token {
            case .text(let text):
                append(Array(text.utf8))
                sample += text.utf8
            case .parameter(let name, let isAll):
                let index = try resolution.index(of: name, isAll: isAll)
                let isWhole = Self.endsInSlash(sample) && Self.beginsWithSlash(template.tokens.dropFirst(place + 1))
                guard !isAll || isWhole else {
                    throw TemplateFault(
                        message: "'{\(name)...}' must stand between slashes",
                        mend: "Write for example /files/{\(name)...}.")
                }
                parts.append(.parameter(index))
                sample.append(UInt8(ascii: "x"))
            case .credential(let name):
                let secret = try resolution.bytes(ofCredential: name, isAllowed: Credential.isText)
                secrets.append(name)
                var encoded: [UInt8] = []
                if let secret { PercentEncoding.append(secret, to: &encoded) }
                // Read without its secrets the path is for people alone.
                append(secret == nil ? Array("{credential:\(name)}".utf8) : encoded)
                sample += secret == nil ? [UInt8(ascii: "x")] : encoded
            }
        }
        try Self.check(sample, template, secrets)
        self.parts = parts
        hasLonePeriods = Self.findLonePeriods(parts)
    }

    private static func endsInSlash(_ text: [UInt8]) -> Bool { text.last == UInt8(ascii: "/") }

    private static func beginsWithSlash(_ tokens: ArraySlice<TemplateText.Token>) -> Bool {
        guard let first = tokens.first else { return true }
        if case .text(let text) = first { return text.utf8.first == UInt8(ascii: "/") }
        return false
    }

    /// Whether the template with a letter for each parameter is a path that the gateway would take itself.
    private static func check(
        _ sample: [UInt8], _ template: TemplateText, _ secrets: [String]
    ) throws(TemplateFault) {
        let path: CanonicalPath
        do throws(PathError) {
            path = try CanonicalPath(sample)
        } catch {
            let with = secrets.isEmpty ? "" : " with what is in \(secrets.joined(separator: ", "))"
            throw TemplateFault(
                message: "'\(LogText.escaped(template.source, limit: 120))' is no path\(with): \(error.reason)",
                mend: "Write for example /current/{city}.")
        }
        guard path.query == nil else {
            throw TemplateFault(
                message: "a path has no query",
                mend: "Take the question mark and what follows out: `query` is for that.")
        }
    }

    private static func findLonePeriods(_ parts: [Part]) -> Bool {
        for (place, part) in parts.enumerated() {
            guard case .text(let text) = part else { continue }
            let pieces = text.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
            let hasBefore = place > 0
            let hasAfter = place < parts.count - 1
            for (index, piece) in pieces.enumerated() {
                let touches = (index == 0 && hasBefore) || (index == pieces.count - 1 && hasAfter)
                if touches, isDots(piece) { return true }
            }
        }
        return false
    }

    /// Whether there are one or two periods alone, an escaped slash being one.
    private static func isDots(_ piece: some Sequence<UInt8>) -> Bool {
        let text = String(decoding: Array(piece), as: UTF8.self).lowercased().replacing("%2e", with: ".")
        return text.split(separator: "%2f", omittingEmptySubsequences: false).contains { $0 == "." || $0 == ".." }
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
