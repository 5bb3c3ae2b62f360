// Unsafe code: a buffer is raw memory with two marks. All access is checked here.
import Glibc

/// A piece of memory that bytes are read into and written from. Bytes between `start` and `end` are live.
///
/// Buffers belong to one loop: they are taken from its `BufferPool` while bytes are there and given back after.
@safe package final class Buffer {
    /// Where the memory begins. Use it only within the buffer's life.
    @usableFromInline let base: UnsafeMutableRawPointer
    package let capacity: Int
    package private(set) var start = 0
    package private(set) var end = 0

    init(capacity: Int) {
        unsafe base = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 16)
        self.capacity = capacity
    }

    deinit {
        unsafe base.deallocate()
    }

    /// Live bytes.
    @inlinable @inline(__always) package var count: Int { end - start }
    @inline(__always) package var isEmpty: Bool { start == end }
    /// Bytes that can still be added behind `end`.
    @inline(__always) package var free: Int { capacity - end }

    /// Where the next bytes go; up to `free` of them.
    @inline(__always) var writable: UnsafeMutableRawPointer { unsafe base + end }
    /// The first live byte.
    @inlinable @inline(__always) var readable: UnsafeRawPointer { unsafe UnsafeRawPointer(base + start) }

    /// Tells that `count` bytes were put at `writable`.
    @inline(__always) func produced(_ count: Int) {
        precondition(count >= 0 && count <= free, "more bytes than the buffer holds")
        end += count
    }

    /// Drops the first `count` live bytes.
    @inline(__always) package func consume(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more bytes than there are")
        start += count
        if start == end {
            start = 0
            end = 0
        }
    }

    /// Drops the last `count` live bytes.
    func withdraw(_ count: Int) {
        precondition(count >= 0 && count <= self.count, "more bytes than there are")
        end -= count
        if start == end { clear() }
    }

    /// Forgets all bytes.
    func clear() {
        start = 0
        end = 0
    }

    /// Moves the live bytes to the front, so that `free` is as large as it can be.
    func compact() {
        guard start > 0 else { return }
        unsafe memmove(base, base + start, count)
        end -= start
        start = 0
    }

    /// Copies as many of `bytes` as fit; returns how many.
    @inline(__always) func append(_ bytes: UnsafeRawBufferPointer) -> Int {
        let taken = min(bytes.count, free)
        if taken > 0, let source = bytes.baseAddress {
            unsafe memcpy(base + end, source, taken)
            end += taken
        }
        return taken
    }

    /// Lends the live bytes. The span must not outlive `body`, which the compiler sees to.
    @inlinable @inline(__always) package func withBytes<Result: ~Copyable, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let bytes = unsafe RawSpan(_unsafeStart: readable, byteCount: count)
        return try body(bytes)
    }
}
