import Glibc

/// Bytes that tell where they came from: a gap or a swap shows.
func pattern(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + patternPiece.count)
    while bytes.count < count { bytes += patternPiece }
    return Array(bytes.prefix(count))
}

/// A prime number of bytes, so that no buffer's size is a multiple of it.
private let patternPiece = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }

/// `==` as fast as the memory, also where tests are not optimised.
func areSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    unsafe one.count == other.count && memcmp(one, other, one.count) == 0
}
