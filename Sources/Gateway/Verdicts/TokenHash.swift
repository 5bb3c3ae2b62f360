// Unsafe code: unaligned loads, eight bytes at a time, within the bounds of a span.

/// A keyed hash of a token's bytes, in place. Two words at a time are multiplied, and the halves of the product folded.
///
/// It need not bear what SipHash does, at a tenth of its cost: nothing of it is ever told, the key is the process's
/// own, and two tokens with one hash cost a question to the auth service (`VerdictCache.insert`), not a long chain.
struct TokenHash {
    private let key: UInt64
    private let other: UInt64

    /// With a key of the kernel's random numbers.
    init() {
        var random = SystemRandomNumberGenerator()
        self.init(key: random.next(), random.next())
    }

    init(key: UInt64, _ other: UInt64) {
        self.key = key
        self.other = other
    }

    @inline(__always) func callAsFunction(_ bytes: RawSpan) -> Int {
        let count = bytes.byteCount
        var state = key ^ (UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15)
        if count >= 16 {
            var index = 0
            while index + 16 <= count {
                state = take(bytes, index, state)
                index += 16
            }
            // The last sixteen, some of them a second time.
            state = take(bytes, count - 16, state)
        } else {
            for index in 0..<count {
                state = Self.fold(state ^ UInt64(unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)), other)
            }
        }
        return Int(truncatingIfNeeded: Self.fold(state ^ other, key ^ 0xD6E8_FEB8_6659_FD93))
    }

    /// The hash of two words.
    @inline(__always) func callAsFunction(_ one: UInt64, _ two: UInt64) -> UInt64 {
        Self.fold(Self.fold(one ^ key, two ^ other) ^ other, key ^ 0xD6E8_FEB8_6659_FD93)
    }

    @inline(__always) private func take(_ bytes: RawSpan, _ index: Int, _ state: UInt64) -> UInt64 {
        let first = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
        let second = unsafe bytes.unsafeLoadUnaligned(fromByteOffset: index + 8, as: UInt64.self)
        return Self.fold(first ^ other, second ^ state)
    }

    @inline(__always) private static func fold(_ one: UInt64, _ other: UInt64) -> UInt64 {
        let product = one.multipliedFullWidth(by: other)
        return product.high ^ product.low
    }
}
