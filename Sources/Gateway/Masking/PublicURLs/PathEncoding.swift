/// The canonical form of parts of a path, as `CanonicalPath` makes it; for what is known when a snapshot is made.
enum PathEncoding {
    /// `pchar` (RFC 3986 section 3.3) without the semicolon.
    private static let plain = Set(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,=:@".utf8)
    private static let digits = Array("0123456789ABCDEF".utf8)

    /// Of a segment's value.
    static func canonical(_ value: String) -> [UInt8] { canonical(Array(value.utf8)) }

    /// Of a piece of a segment that may hold escapes.
    static func canonical(escaped: ArraySlice<UInt8>) -> [UInt8] {
        var value: [UInt8] = []
        var rest = escaped
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let escape = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                value.append(escape)
                rest = rest.dropFirst(2)
            } else {
                value.append(byte)
            }
        }
        return canonical(value)
    }

    private static func canonical(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte in
            plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
    }
}
