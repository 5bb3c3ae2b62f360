// Unsafe code: an array's bytes as a span.

/// References to URLs, from the service's space to the public one.
extension HeaderMask {
    /// A value that is one reference.
    func reference(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        let range = bytes.trimmed(value)
        let url = URLReference(bytes, range)
        switch url.kind {
        case .sameDocument, .otherScheme: return .unchanged
        case .absolute, .protocolRelative: return absolute(url, bytes, range)
        case .ambiguous: return isPlain ? .unchanged : .unreachable
        case .path: return isPlain ? .unchanged : path(bytes, range)
        case .relative: return isPlain ? .unchanged : relative(bytes, range)
        }
    }

    /// One with an authority: a service's becomes the client's own name for us, with the public path.
    func absolute(_ url: URLReference, _ bytes: RawSpan, _ range: Range<Int>) -> Outcome {
        if isPublicHost(url, bytes) { return absoluteOfOurs(url, bytes, range) }
        switch origins.find(bytes, host: url.host, port: url.port) {
        case .unknown: return .unchanged
        case .host: return .unreachable
        case .services(let place):
            // What stands before the host is a secret, or was meant to mislead.
            guard !url.hasUserinfo else { return .unreachable }
            let services = origins.services(place)
            if services.contains(service), addAbsolute(url, bytes, service: service) { return .changed }
            for other in services where other != service {
                if addAbsolute(url, bytes, service: other) { return .changed }
            }
            return .unreachable
        }
    }

    private func addAbsolute(_ url: URLReference, _ bytes: RawSpan, service: Int) -> Bool {
        let start = output.count
        if !host.isEmpty {
            if url.kind == .absolute {
                addPublicOrigin(webSocket: url.isWebSocket)
            } else {
                add("//")
                output.append(contentsOf: host)
            }
        }
        if addPublicTarget(bytes, url.target, service: service) { return true }
        withdraw(to: start)
        return false
    }

    /// A service that was told the client's `Host` makes URLs of it; their paths are still its own.
    private func absoluteOfOurs(_ url: URLReference, _ bytes: RawSpan, _ range: Range<Int>) -> Outcome {
        guard !isPlain, !isOutside else { return .unchanged }
        let start = output.count
        add(bytes, range.lowerBound..<url.target.lowerBound)
        if addPublicTarget(bytes, url.target, service: service) { return .changed }
        withdraw(to: start)
        return publicURLs.isPublic(bytes.extracting(url.target)) ? .unchanged : .unreachable
    }

    private func path(_ bytes: RawSpan, _ range: Range<Int>) -> Outcome {
        let start = output.count
        if addPublicTarget(bytes, range, service: service) { return .changed }
        withdraw(to: start)
        // A service of ours may know its public paths.
        guard !isOutside, publicURLs.isPublic(bytes.extracting(range)) else { return .unreachable }
        return .unchanged
    }

    /// RFC 3986 section 5.2: against the URL that the service was asked for, which the client does not know.
    private func relative(_ bytes: RawSpan, _ range: Range<Int>) -> Outcome {
        joined.removeAll(keepingCapacity: true)
        let isQuery = bytes.octet(range.lowerBound) == UInt8(ascii: "?")
        joined.append(contentsOf: base)
        if !isQuery { dropLastSegment() }
        var end = range.lowerBound
        while end < range.upperBound, bytes.octet(end) != UInt8(ascii: "?"), bytes.octet(end) != UInt8(ascii: "#") {
            end += 1
        }
        var start = range.lowerBound
        while start < end {
            let slash = bytes.first(UInt8(ascii: "/"), in: start..<end) ?? end
            let segment = start..<slash
            if bytes.isWord("..", at: segment) {
                if joined.count > 1 { joined.removeLast() }
                dropLastSegment()
            } else if !bytes.isWord(".", at: segment) {
                joined.append(bytes, start..<min(slash + 1, end))
            }
            start = slash + 1
        }
        joined.append(bytes, end..<range.upperBound)
        let whole = joined
        return unsafe path(whole.span.bytes, 0..<whole.count)
    }

    private func dropLastSegment() {
        while let last = joined.last, last != UInt8(ascii: "/") { joined.removeLast() }
        if joined.isEmpty { joined.append(UInt8(ascii: "/")) }
    }

    /// Whether the client calls us by the host and port of a URL; the usual ports of both schemes are one.
    func isPublicHost(_ url: URLReference, _ bytes: RawSpan) -> Bool {
        guard url.host.count == hostName.count, !hostName.isEmpty else { return false }
        for (offset, index) in hostName.enumerated() {
            let (one, other) = (host[index], bytes.octet(url.host.lowerBound + offset))
            guard (one >= 65 && one <= 90 ? one | 32 : one) == (other >= 65 && other <= 90 ? other | 32 : other) else {
                return false
            }
        }
        return url.port == hostPort || (url.port == 80 || url.port == 443) && (hostPort == 80 || hostPort == 443)
    }

    /// A text in which URLs stand: those of a service are replaced.
    func embedded(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        let start = output.count
        var copied = value.lowerBound
        var isChanged = false
        var index = value.lowerBound
        while let slash = bytes.first(UInt8(ascii: "/"), in: index..<value.upperBound) {
            index = slash + 1
            guard index < value.upperBound, bytes.octet(index) == UInt8(ascii: "/") else { continue }
            index += 1
            let begin = Self.schemeStart(bytes, slash, from: copied)
            let end = Self.urlEnd(bytes, index..<value.upperBound)
            add(bytes, copied..<begin)
            switch absolute(URLReference(bytes, begin..<end), bytes, begin..<end) {
            case .unreachable: return .unreachable
            case .changed: isChanged = true
            case .unchanged: add(bytes, begin..<end)
            }
            copied = end
            index = end
        }
        guard isChanged else {
            withdraw(to: start)
            return .unchanged
        }
        add(bytes, copied..<value.upperBound)
        return .changed
    }

    /// Where a scheme begins whose `//` is at `slash`; `slash` itself where there is none.
    private static func schemeStart(_ bytes: RawSpan, _ slash: Int, from limit: Int) -> Int {
        guard slash > limit, bytes.octet(slash - 1) == UInt8(ascii: ":") else { return slash }
        var start = slash - 1
        while start > limit {
            let byte = bytes.octet(start - 1) | 32
            guard byte >= 97 && byte <= 122 else { break }
            start -= 1
        }
        return start
    }

    private static func urlEnd(_ bytes: RawSpan, _ range: Range<Int>) -> Int {
        for index in range {
            switch bytes.octet(index) {
            case 0...32, 127..., UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"),
                UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "\\"):
                return index
            default: continue
            }
        }
        return range.upperBound
    }
}
