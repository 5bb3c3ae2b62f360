/// The buffers of one loop, in two sizes, kept for the next reader.
///
/// A connection that waits holds none, so the number of buffers follows what is under way, not what is connected.
package final class BufferPool {
    /// Enough for nearly every message in one piece.
    package static let smallSize = 16 * 1024
    /// For bodies that run on: fewer system calls a byte.
    package static let largeSize = 256 * 1024

    private var small: [Buffer] = []
    private var large: [Buffer] = []
    private let keptSmall: Int
    private let keptLarge: Int
    /// Buffers taken and not yet given back.
    package private(set) var lent = 0

    init(keptSmall: Int = 256, keptLarge: Int = 64) {
        self.keptSmall = keptSmall
        self.keptLarge = keptLarge
        small.reserveCapacity(keptSmall)
        large.reserveCapacity(keptLarge)
    }

    /// An empty buffer of `BufferPool.smallSize` bytes.
    func takeSmall() -> Buffer {
        lent += 1
        return small.popLast() ?? Buffer(capacity: Self.smallSize)
    }

    /// An empty buffer of `BufferPool.largeSize` bytes.
    func takeLarge() -> Buffer {
        lent += 1
        return large.popLast() ?? Buffer(capacity: Self.largeSize)
    }

    /// Takes a buffer back. It must not be used afterwards.
    func give(_ buffer: Buffer) {
        lent -= 1
        buffer.clear()
        if buffer.capacity == Self.smallSize {
            if small.count < keptSmall { small.append(buffer) }
        } else if large.count < keptLarge {
            large.append(buffer)
        }
    }
}
