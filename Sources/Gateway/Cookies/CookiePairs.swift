// Unsafe code: single bytes of a field, within its bounds.
import Shared

/// The pairs of a `Cookie` field's value (RFC 6265 section 5.4), read as leniently as services read them: they stand
/// between semicolons, and the blanks around a pair and around its name are none of it.
struct CookiePairs {
    /// A pair with its name and value, from its first byte to its last; and its name.
    struct Pair {
        let whole: Range<Int>
        let name: Range<Int>
    }
    private var next: Int
    private let end: Int

    init(_ value: Range<Int>) {
        next = value.lowerBound
        end = value.upperBound
    }

    /// The next pair that is not empty.
    mutating func pair(in bytes: RawSpan) -> Pair? {
        while next < end {
            var stop = next
            while stop < end, ByteText.at(bytes, stop) != UInt8(ascii: ";") { stop += 1 }
            let whole = Self.trimmed(bytes, next..<stop)
            next = stop + 1
            guard !whole.isEmpty else { continue }
            var equals = whole.lowerBound
            while equals < whole.upperBound, ByteText.at(bytes, equals) != UInt8(ascii: "=") { equals += 1 }
            return Pair(whole: whole, name: Self.trimmed(bytes, whole.lowerBound..<equals))
        }
        return nil
    }

    private static func trimmed(_ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        var (start, end) = (range.lowerBound, range.upperBound)
        while start < end, isBlank(ByteText.at(bytes, start)) { start += 1 }
        while end > start, isBlank(ByteText.at(bytes, end - 1)) { end -= 1 }
        return start..<end
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
}
