// Unsafe code: letters and bytes by their address, for the length of a call.

/// base64url without padding (RFC 4648 section 5, RFC 7515 section 2), read strictly: one byte string has one text.
package enum Base64URL {
    /// The text of `bytes`.
    package static func encode(_ bytes: some Collection<UInt8>) -> [UInt8] { encode(array: Array(bytes)) }

    /// Not generic: another module's generic code is not specialised here, and costs a call for each byte.
    private static func encode(array bytes: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity((bytes.count * 4 + 2) / 3)
        var bits: UInt32 = 0
        var count: UInt32 = 0
        for byte in bytes {
            bits = bits << 8 | UInt32(byte)
            count += 8
            while count >= 6 {
                count -= 6
                text.append(digit(bits >> count & 0x3f))
            }
            bits &= 0xff
        }
        if count > 0 { text.append(digit(bits << (6 - count) & 0x3f)) }
        return text
    }

    /// The bytes of `text`; nil for padding, white space, a letter outside the alphabet, a length that no bytes have,
    /// and for bits beyond the last byte that are not zero: each would be a second text for the same bytes.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? { decode(Array(text)[...]) }

    /// As above, for what a token's parts are: without a copy, and without generic code.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        let size = text.count * 3 / 4
        var isGood = false
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: size) { bytes, count in
            unsafe text.withUnsafeBufferPointer { text in
                unsafe values.withUnsafeBufferPointer { values in
                    isGood = unsafe decode(text, into: bytes, values)
                }
            }
            count = isGood ? size : 0
        }
        return isGood ? bytes : nil
    }

    /// Four letters a step; what is wrong anywhere is seen at the end.
    @unsafe private static func decode(
        _ text: UnsafeBufferPointer<UInt8>, into bytes: UnsafeMutableBufferPointer<UInt8>,
        _ values: UnsafeBufferPointer<UInt8>
    ) -> Bool {
        @inline(__always) func value(_ index: Int) -> UInt32 {
            UInt32(unsafe values[Int(unsafe text[index])])
        }
        var (at, filled) = (0, 0)
        var seen: UInt32 = 0
        while at + 4 <= text.count {
            let (first, second, third, fourth) = (value(at), value(at + 1), value(at + 2), value(at + 3))
            seen |= first | second | third | fourth
            let bits = first << 18 | second << 12 | third << 6 | fourth
            unsafe bytes[filled] = UInt8(truncatingIfNeeded: bits >> 16)
            unsafe bytes[filled + 1] = UInt8(truncatingIfNeeded: bits >> 8)
            unsafe bytes[filled + 2] = UInt8(truncatingIfNeeded: bits)
            at += 4
            filled += 3
        }
        var stray: UInt32 = 0
        switch text.count - at {
        case 2:
            let (first, second) = (value(at), value(at + 1))
            seen |= first | second
            stray = second & 0x0f
            unsafe bytes[filled] = UInt8(truncatingIfNeeded: first << 2 | second >> 4)
        case 3:
            let (first, second, third) = (value(at), value(at + 1), value(at + 2))
            seen |= first | second | third
            stray = third & 0x03
            let bits = first << 10 | second << 4 | third >> 2
            unsafe bytes[filled] = UInt8(truncatingIfNeeded: bits >> 8)
            unsafe bytes[filled + 1] = UInt8(truncatingIfNeeded: bits)
        default: break
        }
        return seen < noLetter && stray == 0
    }

    private static func digit(_ value: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return switch value {
        case 0..<26: UInt8(ascii: "A") + value
        case 26..<52: UInt8(ascii: "a") + value - 26
        case 52..<62: UInt8(ascii: "0") + value - 52
        case 62: UInt8(ascii: "-")
        default: UInt8(ascii: "_")
        }
    }

    /// In `values`, for a byte that is no letter of the alphabet; more than any value.
    private static let noLetter: UInt32 = 0x80

    /// What each byte stands for.
    private static let values: [UInt8] = {
        var values = [UInt8](repeating: UInt8(noLetter), count: 256)
        for value in 0..<64 as Range<UInt32> { values[Int(digit(value))] = UInt8(value) }
        return values
    }()
}
