/// Bytes read in the plainest way, for the references that the targets compare with.
enum PlainText {
    static func isToken(_ text: ArraySlice<UInt8>) -> Bool {
        !text.isEmpty
            && text.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    static func isFieldValue(_ text: ArraySlice<UInt8>) -> Bool {
        text.allSatisfy { $0 == 9 || ($0 >= 32 && $0 != 127) }
    }

    static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }

    static func trimmed(_ text: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var text = text.drop(while: isBlank)
        while let last = text.last, isBlank(last) { text.removeLast() }
        return text
    }

    /// ASCII letters in lower case; bytes as Latin-1.
    static func lowercased(_ text: ArraySlice<UInt8>) -> String {
        var lower = ""
        for byte in text {
            let isUpper = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
            lower.unicodeScalars.append(Unicode.Scalar(isUpper ? byte + 32 : byte))
        }
        return lower
    }

    /// The lines of a section in which every line ends in CRLF; nil if one does not.
    static func lines(_ section: ArraySlice<UInt8>) -> [ArraySlice<UInt8>]? {
        var lines: [ArraySlice<UInt8>] = []
        var rest = section
        while let feed = rest.firstIndex(of: 10) {
            let line = rest[..<feed]
            guard line.last == 13 else { return nil }
            lines.append(line.dropLast())
            rest = rest[(feed + 1)...]
        }
        return rest.isEmpty ? lines : nil
    }
}

/// Field names by what RFC 9110, RFC 9112 and Postern's reserved name space say of them, in lower case.
enum PlainName {
    static func isReserved(_ name: String) -> Bool {
        ["forwarded", "x-real-ip", "x-request-id", "postern"].contains(name) || name.hasPrefix("postern-")
            || name.hasPrefix("x-forwarded-") || name.utf8.contains(UInt8(ascii: "_"))
    }

    static func isProtected(_ name: String) -> Bool {
        isReserved(name)
            || [
                "host", "authorization", "cookie", "content-length", "transfer-encoding", "content-type", "expect",
                "traceparent",
            ].contains(name)
    }

    static func isHopByHop(_ name: String) -> Bool {
        [
            "content-length", "transfer-encoding", "connection", "keep-alive", "proxy-connection", "upgrade", "trailer",
            "te", "http2-settings", "proxy-authorization", "proxy-authenticate",
        ].contains(name)
    }

    /// What a trailer must not carry on: framing, routing, who asks, how to cache or read (RFC 9110 section 6.5.1).
    static func isNoTrailer(_ name: String) -> Bool {
        isHopByHop(name) || isProtected(name)
            || ["content-", "if-", "accept", "access-control-", "sec-"].contains { name.hasPrefix($0) }
            || [
                "set-cookie", "www-authenticate", "cache-control", "location", "age", "vary", "range", "pragma",
                "expires", "warning", "max-forwards", "date", "retry-after", "server", "via",
            ].contains(name)
    }
}
