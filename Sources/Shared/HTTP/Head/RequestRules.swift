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
        case .te:
            if head.fields.te < 0 { head.fields.te = index }
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
            case .date: if head.fields.date < 0 { head.fields.date = index }
            case .upgrade: if head.fields.upgrade < 0 { head.fields.upgrade = index }
            default: break
            }
        }
        guard !(head.fields.isChunked && head.fields.contentLength >= 0) else { throw .framing }
        guard !head.fields.isChunked || head.minorVersion == 1 else { throw .transferEncoding }
        if head.fields.connection >= 0 { try ConnectionOptions.apply(bytes, &head.fields, protecting: false) }
    }
}
