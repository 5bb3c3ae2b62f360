/// What the fields of a request say of its framing and connection, and what they must not say.
enum RequestRules {
    static func check(_ bytes: RawSpan, _ head: RequestHead) throws(MessageFault) {
        var index = 0
        let count = head.fields.lines.count
        while index < count {
            let line = head.fields.lines[index]
            if line.name != .other { try apply(bytes, line, index, head) }
            index += 1
        }
        // RFC 9112 section 3.2: a request of HTTP/1.1 has exactly one Host.
        guard head.fields.host >= 0 || head.minorVersion == 0 else { throw .host }
        guard !(head.fields.isChunked && head.fields.contentLength >= 0) else { throw .framing }
        // RFC 9112 section 6.1: no transfer coding before HTTP/1.1.
        guard !head.fields.isChunked || head.minorVersion == 1 else { throw .transferEncoding }
        if head.fields.connection >= 0 { try ConnectionOptions.apply(bytes, &head.fields, protecting: true) }
    }

    @inline(__always) private static func apply(
        _ bytes: RawSpan, _ line: FieldLine, _ index: Int, _ head: RequestHead
    ) throws(MessageFault) {
        switch line.name {
        case .host:
            guard head.fields.host < 0, HostRule.isValid(bytes, line.valueRange) else { throw .host }
            head.fields.host = index
        case .authorization:
            guard head.fields.authorization < 0 else { throw .duplicate }
            head.fields.authorization = index
        case .contentLength, .transferEncoding:
            try FramingRule.apply(bytes, line, &head.fields)
        case .connection:
            head.fields.connection = index
        case .upgrade:
            if head.fields.upgrade < 0 { head.fields.upgrade = index }
        case .expect:
            guard Bytes.equals(bytes, line.valueRange, "100-continue"), !head.fields.expectsContinue else {
                throw .expectation
            }
            // RFC 9110 section 10.1.1: a request of HTTP/1.0 cannot expect it.
            head.fields.expectsContinue = head.minorVersion == 1
        default:
            break
        }
    }
}

/// The same for a response. What depends on the request's method is decided by `BodyFraming`.
enum ResponseRules {
    static func check(_ bytes: RawSpan, _ head: ResponseHead) throws(MessageFault) {
        for index in 0..<head.fields.lines.count {
            let line = head.fields.lines[index]
            switch line.name {
            case .contentLength, .transferEncoding: try FramingRule.apply(bytes, line, &head.fields)
            case .connection: head.fields.connection = index
            case .upgrade: if head.fields.upgrade < 0 { head.fields.upgrade = index }
            default: break
            }
        }
        guard !(head.fields.isChunked && head.fields.contentLength >= 0) else { throw .framing }
        guard !head.fields.isChunked || head.minorVersion == 1 else { throw .transferEncoding }
        if head.fields.connection >= 0 { try ConnectionOptions.apply(bytes, &head.fields, protecting: false) }
    }
}

/// Content-Length and Transfer-Encoding (RFC 9112 sections 6.1 and 6.2): once, and in the plain form only.
enum FramingRule {
    static func apply(_ bytes: RawSpan, _ line: FieldLine, _ fields: inout FieldIndex) throws(MessageFault) {
        if line.name == .transferEncoding {
            guard !fields.isChunked, Bytes.equals(bytes, line.valueRange, "chunked") else { throw .transferEncoding }
            fields.isChunked = true
        } else {
            guard fields.contentLength < 0 else { throw .contentLength }
            fields.contentLength = try contentLength(bytes, line.valueRange)
        }
    }

    /// Digits only: no sign, no list, no more than fits (18 digits).
    private static func contentLength(_ bytes: RawSpan, _ range: Range<Int>) throws(MessageFault) -> Int {
        guard !range.isEmpty, range.count <= 18 else { throw .contentLength }
        var value = 0
        for index in range {
            let digit = Bytes.at(bytes, index)
            guard digit >= 48, digit <= 57 else { throw .contentLength }
            value = value * 10 + Int(digit - 48)
        }
        return value
    }
}

/// Host (RFC 9110 section 7.2): uri-host and an optional port, nothing that could be read as more.
enum HostRule {
    static func isValid(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 259 else { return false }
        var index = range.lowerBound
        if Bytes.at(bytes, index) == 91 {  // [
            index += 1
            while index < range.upperBound, isAddressByte(Bytes.at(bytes, index)) { index += 1 }
            guard index > range.lowerBound + 2, index < range.upperBound, Bytes.at(bytes, index) == 93 else {
                return false
            }
            index += 1
        } else {
            while index < range.upperBound, isNameByte(Bytes.at(bytes, index)) { index += 1 }
            guard index > range.lowerBound else { return false }
        }
        guard index < range.upperBound else { return true }
        guard Bytes.at(bytes, index) == Bytes.colon, range.upperBound - index <= 6 else { return false }
        index += 1
        while index < range.upperBound {
            let digit = Bytes.at(bytes, index)
            guard digit >= 48, digit <= 57 else { return false }
            index += 1
        }
        return true
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        let lower = Bytes.lowercased(byte)
        return (byte >= 48 && byte <= 58) || (lower >= 97 && lower <= 102) || byte == 46
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        let lower = Bytes.lowercased(byte)
        return (lower >= 97 && lower <= 122) || (byte >= 48 && byte <= 57) || byte == 45 || byte == 46 || byte == 95
            || byte == 126
    }
}
