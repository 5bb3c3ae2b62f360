// Unsafe code: an array's bytes as a span.
import Shared

/// Fields in which hosts stand: `Access-Control-Allow-Origin`, `Content-Security-Policy`, `WWW-Authenticate`.
extension HeaderMask {
    /// One origin, `null` or `*` (Fetch Standard): a service's own is ours.
    func origin(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        let url = URLReference(bytes, bytes.trimmed(value))
        guard url.kind == .absolute, !isPublicHost(url, bytes) else { return .unchanged }
        switch origins.find(bytes, host: url.host, port: url.port) {
        case .unknown: return .unchanged
        case .host: return .unreachable
        case .services:
            guard !host.isEmpty, !url.hasUserinfo else { return .unreachable }
            addPublicOrigin()
            return .changed
        }
    }

    /// Policies are lists of words (Content Security Policy Level 3): a word that names a service is `'self'`, for to
    /// the client it is; a report's path is the public one, or goes.
    func policy(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        var isChanged = false
        var index = value.lowerBound
        let start = output.count
        while index < value.upperBound {
            let begin = index
            while index < value.upperBound, !Self.isSeparator(bytes.octet(index)) { index += 1 }
            let word = begin..<index
            if !word.isEmpty, !addWord(bytes, word) { isChanged = true }
            if index < value.upperBound { add(bytes.octet(index)) }
            index += 1
        }
        guard isChanged else {
            withdraw(to: start)
            return .unchanged
        }
        return .changed
    }

    private static func isSeparator(_ byte: UInt8) -> Bool {
        byte == 32 || byte == 9 || byte == UInt8(ascii: ";") || byte == UInt8(ascii: ",")
    }

    /// Adds a word, or what stands for it. True when it is as it was.
    private func addWord(_ bytes: RawSpan, _ word: Range<Int>) -> Bool {
        if bytes.octet(word.lowerBound) == UInt8(ascii: "/") {
            switch reference(bytes, word) {
            case .unchanged: add(bytes, word)
            case .changed: return false
            case .unreachable: return false
            }
            return true
        }
        guard names(bytes, word) || identity?.isIn(bytes, word) == true else {
            add(bytes, word)
            return true
        }
        add("'self'")
        return false
    }

    /// Whether a host source (`https://api.example:8443/path`, `*.example`, `api.example`) covers a service.
    private func names(_ bytes: RawSpan, _ word: Range<Int>) -> Bool {
        let first = bytes.octet(word.lowerBound)
        guard first != UInt8(ascii: "'"), word.count > 2 else { return false }
        joined.removeAll(keepingCapacity: true)
        if Self.hasScheme(bytes, word) {
            joined.append(bytes, word)
        } else {
            // A host alone is read as one behind the slashes.
            joined.append("//")
            joined.append(bytes, word)
        }
        let text = joined
        let span = unsafe text.span.bytes
        let url = URLReference(span, 0..<text.count)
        guard url.kind == .absolute || url.kind == .protocolRelative, !url.host.isEmpty else { return false }
        guard !isPublicHost(url, span) else { return false }
        if url.host.count > 2, span.octet(url.host.lowerBound) == UInt8(ascii: "*") {
            return origins.hasHost(endingWith: span, url.host.lowerBound + 1..<url.host.upperBound)
        }
        return origins.find(span, host: url.host, port: url.port) != .unknown
    }

    private static func hasScheme(_ bytes: RawSpan, _ word: Range<Int>) -> Bool {
        guard let colon = bytes.first(UInt8(ascii: ":"), in: word), colon + 2 < word.upperBound else { return false }
        return bytes.octet(colon + 1) == UInt8(ascii: "/") && bytes.octet(colon + 2) == UInt8(ascii: "/")
    }

    /// `Basic realm="…"`, `Bearer resource_metadata="https://…"` (RFC 9110 section 11.6.1): URLs become the public ones,
    /// and where a service's name stands, ours does.
    func challenge(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        let urls = embedded(bytes, value)
        if case .unreachable = urls { return .unreachable }
        guard let identity else { return urls }
        joined.removeAll(keepingCapacity: true)
        if case .changed = urls { joined.append(contentsOf: output) } else { joined.append(bytes, value) }
        let text = joined
        let span = unsafe text.span.bytes
        guard identity.isIn(span, 0..<text.count) else { return urls }
        output.removeAll(keepingCapacity: true)
        var start = 0
        while start < text.count {
            let begin = span.first(UInt8(ascii: "\""), in: start..<text.count) ?? text.count
            let close = begin < text.count ? span.first(UInt8(ascii: "\""), in: begin + 1..<text.count) : nil
            guard let close else { break }
            add(span, start..<begin + 1)
            if identity.isIn(span, begin + 1..<close) {
                output.append(contentsOf: host)
            } else {
                add(span, begin + 1..<close)
            }
            start = close
            add(UInt8(ascii: "\""))
            start += 1
        }
        add(span, min(start, text.count)..<text.count)
        return .changed
    }
}
