/// Numbers in hexadecimal digits.
package enum Hexadecimal {
    /// The digits of `value`, lower case, without leading zeros.
    package static func digits(of value: UInt64) -> [UInt8] {
        let count = max(1, (64 - value.leadingZeroBitCount + 3) / 4)
        return (0..<count).reversed().map { place in
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(place * 4)) & 0x0F
            return digit < 10 ? digit + UInt8(ascii: "0") : digit - 10 + UInt8(ascii: "a")
        }
    }
}
