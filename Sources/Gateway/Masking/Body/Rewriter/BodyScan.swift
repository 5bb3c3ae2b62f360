// Unsafe code: loads of 16 bytes at a time within the bounds of a span.

/// Looks for places in a text at which a name may stand: the pair of a name, or an escape.
enum BodyScan {
    private typealias Vector = SIMD16<UInt8>

    /// The first candidate in `start..<bytes.byteCount`; nil where there is none. The last byte is none: what it begins
    /// is seen with the next bytes.
    @inline(__always) static func candidate(_ bytes: RawSpan, from start: Int, _ patterns: BodyPatterns) -> Int? {
        unsafe bytes.withUnsafeBytes { text -> Int? in
            guard let base = text.baseAddress else { return nil }
            let found =
                if patterns.pairs.count == 1 {
                    unsafe search(base, start, text.count, patterns.pairs[0], patterns.pairs[0])
                } else if patterns.pairs.count == 2 {
                    unsafe search(base, start, text.count, patterns.pairs[0], patterns.pairs[1])
                } else {
                    unsafe search(base, start, text.count, patterns.pairs)
                }
            return found < 0 ? nil : found
        }
    }

    /// For each of 16 bytes whether it may begin an escape: `%`, `&#`, `\u`.
    @inline(__always) private static func escapes(_ text: Vector, _ next: Vector) -> SIMDMask<SIMD16<Int8>> {
        (text .== Vector(repeating: 0x25))
            .| ((text .== Vector(repeating: 0x5C)) .& (next .== Vector(repeating: 0x75)))
            .| ((text .== Vector(repeating: 0x26)) .& (next .== Vector(repeating: 0x23)))
    }

    /// The first place of a mask; nil for an empty one.
    @inline(__always) private static func first(_ mask: SIMDMask<SIMD16<Int8>>) -> Int? {
        let halves = unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        guard halves[0] | halves[1] != 0 else { return nil }
        return halves[0] != 0 ? halves[0].trailingZeroBitCount &>> 3 : 8 &+ halves[1].trailingZeroBitCount &>> 3
    }

    @inline(__always) private static func isCandidate(_ byte: UInt8, _ next: UInt8, _ pair: BodyPair) -> Bool {
        (byte | 0x20 == pair.first && next | 0x20 == pair.second) || byte == 0x25 || (byte == 0x5C && next == 0x75)
            || (byte == 0x26 && next == 0x23)
    }

    @inline(__always) private static func search(
        _ base: UnsafeRawPointer, _ start: Int, _ end: Int, _ one: BodyPair, _ other: BodyPair
    ) -> Int {
        let lower = Vector(repeating: 0x20)
        let (first, second) = (Vector(repeating: one.first), Vector(repeating: one.second))
        let (third, fourth) = (Vector(repeating: other.first), Vector(repeating: other.second))
        let isTwo = one != other
        var index = start
        while index &+ 17 <= end {
            let text = unsafe base.loadUnaligned(fromByteOffset: index, as: Vector.self)
            let next = unsafe base.loadUnaligned(fromByteOffset: index &+ 1, as: Vector.self)
            let (folded, following) = (text | lower, next | lower)
            var mask = ((folded .== first) .& (following .== second)) .| escapes(text, next)
            if isTwo { mask = mask .| ((folded .== third) .& (following .== fourth)) }
            if let place = Self.first(mask) { return index &+ place }
            index &+= 16
        }
        while index &+ 1 < end {
            let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
            let next = unsafe base.load(fromByteOffset: index &+ 1, as: UInt8.self)
            if isCandidate(byte, next, one) || isCandidate(byte, next, other) { return index }
            index &+= 1
        }
        return -1
    }

    private static func search(_ base: UnsafeRawPointer, _ start: Int, _ end: Int, _ pairs: [BodyPair]) -> Int {
        let lower = Vector(repeating: 0x20)
        var index = start
        while index &+ 17 <= end {
            let text = unsafe base.loadUnaligned(fromByteOffset: index, as: Vector.self)
            let next = unsafe base.loadUnaligned(fromByteOffset: index &+ 1, as: Vector.self)
            let (folded, following) = (text | lower, next | lower)
            var mask = escapes(text, next)
            for pair in pairs {
                mask = mask
                    .| ((folded .== Vector(repeating: pair.first)) .& (following .== Vector(repeating: pair.second)))
            }
            if let place = first(mask) { return index &+ place }
            index &+= 16
        }
        while index &+ 1 < end {
            let byte = unsafe base.load(fromByteOffset: index, as: UInt8.self)
            let next = unsafe base.load(fromByteOffset: index &+ 1, as: UInt8.self)
            for pair in pairs where isCandidate(byte, next, pair) { return index }
            index &+= 1
        }
        return -1
    }
}
