// Unsafe code: atomic words live at addresses of their own.
import Synchronization

/// A row of words that several threads read and change without a lock, at addresses that do not move.
///
/// `@unchecked Sendable` because the words are reached by atomic operations alone, and the row itself never changes.
@safe package final class AtomicWords: @unchecked Sendable {
    private let words: UnsafeMutablePointer<Atomic<UInt64>>
    package let count: Int

    /// All words are 0.
    package init(count: Int) {
        self.count = count
        let bytes = UnsafeMutableRawPointer.allocate(
            byteCount: count * MemoryLayout<Atomic<UInt64>>.stride, alignment: 64)
        unsafe words = bytes.bindMemory(to: Atomic<UInt64>.self, capacity: count)
        for index in 0..<count { unsafe (words + index).initialize(to: Atomic(0)) }
    }

    deinit {
        unsafe words.deinitialize(count: count)
        unsafe words.deallocate()
    }

    package func load(_ index: Int) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe words[index].load(ordering: .relaxed)
    }

    /// Sets the word to `desired` if it is `expected`; returns what it was.
    package func exchange(_ index: Int, _ expected: UInt64, with desired: UInt64) -> UInt64 {
        precondition(index >= 0 && index < count)
        return unsafe words[index].compareExchange(expected: expected, desired: desired, ordering: .relaxed).original
    }
}
