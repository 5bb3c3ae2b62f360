// Unsafe code: the bytes of static strings, and eight bytes of a span at a time.

/// The request line (RFC 9112 section 3): method SP request-target SP HTTP-version, one space each.
enum RequestLine {
    static func parse(_ bytes: RawSpan, end: Int, into head: RequestHead) throws(MessageFault) {
        var space = 0
        while space < end, Bytes.isToken(Bytes.at(bytes, space)) { space += 1 }
        guard space > 0, space < end, Bytes.at(bytes, space) == Bytes.space, space <= 32 else { throw .method }
        head.methodRange = 0..<space
        head.method = method(bytes, space)

        let version = end - 8
        guard version > space + 2, Bytes.at(bytes, version - 1) == Bytes.space else { throw .requestLine }
        head.minorVersion = try Version.parse(bytes, version, or: .requestLine)
        let target = space + 1..<version - 1
        guard Bytes.isVisible(bytes, target), TargetRule.isValid(bytes, target, head.method) else { throw .target }
        head.targetRange = target
    }

    private static func method(_ bytes: RawSpan, _ length: Int) -> Method {
        func check(_ word: StaticString, _ method: Method) -> Method? {
            matches(bytes, word, length) ? method : nil
        }
        switch length {
        case 3: return check("GET", .get) ?? check("PUT", .put) ?? .other
        case 4: return check("POST", .post) ?? check("HEAD", .head) ?? .other
        case 5: return check("PATCH", .patch) ?? check("TRACE", .trace) ?? .other
        case 6: return check("DELETE", .delete) ?? .other
        case 7: return check("OPTIONS", .options) ?? check("CONNECT", .connect) ?? .other
        default: return .other
        }
    }

    /// Methods are case-sensitive (RFC 9110 section 9.1).
    private static func matches(_ bytes: RawSpan, _ word: StaticString, _ length: Int) -> Bool {
        for index in 0..<length {
            guard unsafe Bytes.at(bytes, index) == word.utf8Start[index] else { return false }
        }
        return true
    }
}

/// The status line (RFC 9112 section 4): HTTP-version SP status-code SP [reason-phrase].
enum StatusLine {
    static func parse(_ bytes: RawSpan, end: Int, into head: ResponseHead) throws(MessageFault) {
        guard end >= 12 else { throw .statusLine }
        head.minorVersion = try Version.parse(bytes, 0, or: .statusLine)
        guard Bytes.at(bytes, 8) == Bytes.space else { throw .statusLine }
        var status = 0
        for index in 9..<12 {
            let digit = Bytes.at(bytes, index)
            guard digit >= 48, digit <= 57 else { throw .statusLine }
            status = status * 10 + Int(digit - 48)
        }
        guard status >= 100, status <= 599 else { throw .statusLine }
        // Many servers leave out the space before an empty reason.
        guard end == 12 || Bytes.at(bytes, 12) == Bytes.space else { throw .statusLine }
        head.status = status
        head.reasonRange = min(13, end)..<end
        guard Bytes.isFieldValue(bytes, head.reasonRange) else { throw .statusLine }
    }
}

/// HTTP-version (RFC 9112 section 2.3): 1.0 and 1.1, in capitals.
enum Version {
    static func parse(_ bytes: RawSpan, _ start: Int, or fault: MessageFault) throws(MessageFault) -> Int {
        if let minor = plain(bytes, start) { return minor }
        let expected: StaticString = "HTTP/"
        for index in 0..<5 {
            guard unsafe Bytes.at(bytes, start + index) == expected.utf8Start[index] else { throw fault }
        }
        let major = Bytes.at(bytes, start + 5)
        let minor = Bytes.at(bytes, start + 7)
        guard Bytes.at(bytes, start + 6) == 46, major >= 48, major <= 57, minor >= 48, minor <= 57 else {
            throw fault
        }
        guard major == 49, minor <= 49 else { throw .version }
        return Int(minor - 48)
    }

    /// The two versions that there are, compared as one word of memory.
    @inline(__always) private static func plain(_ bytes: RawSpan, _ start: Int) -> Int? {
        let word = UInt64(littleEndian: unsafe bytes.unsafeLoadUnaligned(fromByteOffset: start, as: UInt64.self))
        switch word {
        case 0x312E_312F_5054_5448: return 1  // HTTP/1.1
        case 0x302E_312F_5054_5448: return 0  // HTTP/1.0
        default: return nil
        }
    }
}
