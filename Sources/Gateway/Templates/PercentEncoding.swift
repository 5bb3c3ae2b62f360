/// Percent-encoding that leaves nothing but `unreserved` (RFC 3986 section 2.3) plain: whoever splits what holds the
/// result, a query at `&`, a field's value at `,` or `;`, a target at `?` or `#`, never splits inside of it.
enum PercentEncoding {
    static func append(_ bytes: some Sequence<UInt8>, to output: inout [UInt8]) {
        for byte in bytes { append(byte, to: &output) }
    }

    @inline(__always) static func append(_ byte: UInt8, to output: inout [UInt8]) {
        if isUnreserved(byte) {
            output.append(byte)
        } else {
            output.append(UInt8(ascii: "%"))
            output.append(digit(byte >> 4))
            output.append(digit(byte & 0x0F))
        }
    }

    @inline(__always) private static func isUnreserved(_ byte: UInt8) -> Bool {
        // Letters, digits, `-._~`, as two sets of 64 bits: bytes 0 to 63, and 64 to 127.
        let (low, high): (UInt64, UInt64) = (0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE)
        return byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 != 0
    }

    @inline(__always) private static func digit(_ value: UInt8) -> UInt8 {
        value < 10 ? value &+ UInt8(ascii: "0") : value &- 10 &+ UInt8(ascii: "A")
    }
}
