/// `Set-Cookie` (RFC 6265 section 4.1).
extension HeaderMask {
    /// `Domain` stays where the client's name for us is within it, else it goes: the cookie is then ours alone. `Path`
    /// becomes the public one. All else stays, so `__Host-` and `__Secure-` hold as they held; `Secure` is never taken
    /// away, and a browser that came without TLS will not keep such a cookie.
    func cookie(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        let first = bytes.first(UInt8(ascii: ";"), in: value) ?? value.upperBound
        add(bytes, value.lowerBound..<first)
        let mustBeRoot = bytes.beginsWithWord("__host-", at: bytes.trimmed(value.lowerBound..<first))
        var isChanged = false
        var start = first
        while start < value.upperBound {
            let end = bytes.first(UInt8(ascii: ";"), in: start + 1..<value.upperBound) ?? value.upperBound
            let attribute = bytes.trimmed(start + 1..<end)
            let equals = bytes.first(UInt8(ascii: "="), in: attribute) ?? attribute.upperBound
            let name = bytes.trimmed(attribute.lowerBound..<equals)
            let text = bytes.trimmed(min(equals + 1, attribute.upperBound)..<attribute.upperBound)
            if bytes.isWord("domain", at: name), !isOurs(bytes, domain: text) {
                isChanged = true
            } else if !isPlain, !mustBeRoot, bytes.isWord("path", at: name) {
                isChanged = true
                add("; Path=")
                addCookiePath(bytes, text)
            } else {
                add(bytes, start..<end)
            }
            start = end
        }
        return isChanged ? .changed : .unchanged
    }

    /// Whether our name is `domain`, or below it (RFC 6265 section 5.1.3).
    private func isOurs(_ bytes: RawSpan, domain: Range<Int>) -> Bool {
        var domain = domain
        if !domain.isEmpty, bytes.octet(domain.lowerBound) == UInt8(ascii: ".") {
            domain = domain.lowerBound + 1..<domain.upperBound
        }
        guard !domain.isEmpty, domain.count <= hostName.count else { return false }
        let offset = hostName.upperBound - domain.count
        for index in 0..<domain.count {
            let (one, other) = (host[offset + index], bytes.octet(domain.lowerBound + index))
            guard (one >= 65 && one <= 90 ? one | 32 : one) == (other >= 65 && other <= 90 ? other | 32 : other) else {
                return false
            }
        }
        return domain.count == hostName.count || host[offset - 1] == UInt8(ascii: ".")
    }

    /// The public path of a cookie's; where none is, the folder that all routes of the service stand below: so its
    /// cookies do not go to other services.
    private func addCookiePath(_ bytes: RawSpan, _ path: Range<Int>) {
        let known = publicURLs.index.services[service]
        let isBase =
            path.count < 2 || bytes.holds(known.basePath, at: path)
            || bytes.octet(path.upperBound - 1) == UInt8(ascii: "/")
                && bytes.holds(known.basePath, at: path.lowerBound..<path.upperBound - 1)
        if !isBase, bytes.octet(path.lowerBound) == UInt8(ascii: "/"),
            addPublicTarget(bytes, path, service: service)
        {
            return
        }
        output.append(contentsOf: known.publicFolder)
        if known.publicFolder.isEmpty { add("/") }
    }
}
