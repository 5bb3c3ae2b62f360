import Testing

@testable import Shared

@Suite("Bytes")
struct BytesTests {
    @Test("token bytes are those of RFC 9110 section 5.6.2")
    func token() {
        let allowed = Set("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
        for byte in UInt8.min ... .max { #expect(Bytes.isToken(byte) == allowed.contains(byte), "\(byte)") }
    }

    @Test("field values read eight bytes at a time are judged as byte by byte")
    func fieldValue() {
        func plain(_ byte: UInt8) -> Bool { byte == 9 || (byte >= 32 && byte != 127) }
        for filler in [97, 9, 31 + 1, 128, 255, 126] as [UInt8] {
            for count in [1, 7, 8, 9, 16, 19] {
                for place in 0..<count {
                    for byte in UInt8.min ... .max {
                        var bytes = [UInt8](repeating: filler, count: count)
                        bytes[place] = byte
                        let isValue = Bytes.isFieldValue(unsafe bytes.span.bytes, 0..<count)
                        if isValue != plain(byte) { Issue.record("\(byte) at \(place) of \(count) among \(filler)") }
                    }
                }
            }
        }
    }

    @Test("comparisons know no case of letters, and only of letters")
    func equality() {
        let bytes = Array("Content-LENGTH@[`{Content\rLengthTransfer\rEncoding".utf8)
        func equals(_ range: Range<Int>, _ word: StaticString) -> Bool {
            Bytes.equals(unsafe bytes.span.bytes, range, word)
        }
        #expect(equals(0..<14, "content-length"))
        #expect(!equals(0..<13, "content-length"))
        #expect(!equals(14..<15, "`"))
        #expect(!equals(15..<16, "{"))
        // A hyphen is a CR with the bit set that makes small letters of capitals.
        #expect(!equals(18..<32, "content-length"))
        #expect(!equals(32..<49, "transfer-encoding"))
        #expect(equals(32..<40, "transfer"))
        #expect(equals(18..<22, "cont"))
        #expect(equals(24..<25, "t"))
        let hasPrefix = Bytes.hasPrefix(unsafe bytes.span.bytes, 0..<18, "content-")
        #expect(hasPrefix)
        #expect(!equals(10..<24, "content-length"))
    }

    @Test(
        "field names are known by their letters in any case; look-alikes are not",
        arguments: [
            ("Host", FieldName.host), ("HOST", .host), ("X-Forwarded-For", .xForwarded), ("x-forwarded-", .xForwarded),
            ("X-Forwarded", .serverDetail), ("X-Forward", .other),
            ("Postern-User", .postern), ("POSTERN", .postern), ("Posterns", .other), ("X-Real-IP", .xRealIP),
            ("X_Real_IP", .underscored), ("Forwarded", .forwarded),
            ("Te", .te), ("Transfer-Encoding", .transferEncoding), ("Content_Length", .underscored),
            ("Proxy-Authorization", .proxyAuthorization), ("a", .other),
        ])
    func names(_ name: String, _ kind: FieldName) {
        let bytes = Array(name.utf8)
        let name = FieldName.identify(unsafe bytes.span.bytes, 0..<bytes.count)
        #expect(name == kind)
    }
}
