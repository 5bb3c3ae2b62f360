// Unsafe code: send(2) and writev(2) from buffers; bytes appended from static strings.
import CLinux
import Glibc

extension Stream {
    /// Bytes that fill at least this part of their buffer change hands with it instead of being copied: few bytes in
    /// large buffers would hold much memory while they wait.
    private static let handOverPart = 8
    private static let vectorsAtOnce = 16
    /// So many bytes of output do not wait for the end of the turn: what was read is written while the processor's
    /// cache still holds it, and its buffer serves the next reader.
    private static let earlyMark = 32 * 1024

    // MARK: Adding

    /// Adds bytes to what is written at the end of the turn. Most are a few dozen, and find room in the buffer at hand;
    /// inlined, so that of a text that the compiler knows a few moves are left.
    @inlinable @inline(__always) @unsafe package func append(_ bytes: UnsafeRawBufferPointer) {
        let count = bytes.count
        guard count <= roomLeft, let source = bytes.baseAddress, let place = unsafe room else {
            return unsafe appendElsewhere(bytes)
        }
        unsafe place.copyMemory(from: source, byteCount: count)
        unsafe room = place + count
        roomLeft -= count
        outputCount += count
    }

    @usableFromInline @unsafe func appendElsewhere(_ bytes: UnsafeRawBufferPointer) {
        guard descriptor >= 0, bytes.count > 0 else { return }
        leaveRoom()
        var rest = unsafe bytes
        while true {
            let buffer = tail()
            let taken = unsafe buffer.append(rest)
            if taken == rest.count {
                unsafe room = buffer.writable
                roomLeft = buffer.free
                break
            }
            unsafe rest = UnsafeRawBufferPointer(rebasing: rest[taken...])
        }
        added(bytes.count)
    }

    private func tail() -> Buffer {
        if let last = output.last, last.free > 0 { return last }
        let buffer = loop.buffers.takeSmall()
        output.append(buffer)
        return buffer
    }

    /// Tells the last buffer what was put into it, and goes to it no more until the next bytes come.
    func leaveRoom() {
        guard let place = unsafe room, let last = output.last else { return }
        last.produced(unsafe place - last.writable)
        unsafe room = nil
        roomLeft = 0
    }

    private func added(_ count: Int) {
        outputCount += count
        if !isQueuedForFlush {
            isQueuedForFlush = true
            loop.flushLater(self)
        }
    }

    package func append(_ bytes: RawSpan) {
        unsafe bytes.withUnsafeBytes { pointer in unsafe append(pointer) }
    }

    @inlinable @inline(__always) package func append(_ text: StaticString) {
        unsafe append(UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
    }

    package func append(_ bytes: [UInt8]) {
        unsafe bytes.withUnsafeBytes { pointer in unsafe append(pointer) }
    }

    /// Adds `range` of `bytes`.
    package func append(_ bytes: [UInt8], _ range: Range<Int>) {
        unsafe bytes.withUnsafeBytes { pointer in unsafe append(UnsafeRawBufferPointer(rebasing: pointer[range])) }
    }

    package func append(byte: UInt8) {
        var byte = byte
        unsafe withUnsafeBytes(of: &byte) { pointer in unsafe append(pointer) }
    }

    /// Adds a number in decimal digits.
    package func append(decimal value: Int) {
        append(digitsOf: UInt64(max(0, value)), radix: 10)
    }

    /// Adds a number in hexadecimal digits.
    package func append(hexadecimal value: Int) {
        append(digitsOf: UInt64(max(0, value)), radix: 16)
    }

    /// Inlined, so that the compiler knows the radix and divides by none.
    @inline(__always) private func append(digitsOf value: UInt64, radix: UInt64) {
        var digits: (UInt64, UInt64, UInt64) = (0, 0, 0)
        unsafe withUnsafeMutableBytes(of: &digits) { room in
            var at = room.count
            var rest = value
            repeat {
                at -= 1
                let digit = UInt8(truncatingIfNeeded: rest % radix)
                unsafe room[at] = digit < 10 ? 48 &+ digit : 87 &+ digit
                rest /= radix
            } while rest > 0
            unsafe append(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(room)[at...]))
        }
    }

    /// Moves the first `count` bytes of `source`'s input to this output: small ones are copied, long ones change
    /// hands with their buffer. Both streams are on one loop.
    package func transfer(_ count: Int, from source: Stream) {
        guard count > 0, let buffer = source.input else { return }
        guard descriptor >= 0 else { return source.consume(count) }
        precondition(count <= buffer.count, "more bytes than there are")
        if count == buffer.count && count >= buffer.capacity / Self.handOverPart, let buffer = source.handOverInput() {
            leaveRoom()
            output.append(buffer)
            added(count)
            if outputCount >= Self.earlyMark { writeEarly() }
        } else {
            unsafe append(UnsafeRawBufferPointer(start: buffer.readable, count: count))
            source.consume(count)
        }
    }

    /// Takes back the output behind the first `count` bytes of what waits, where nothing was written, nor tried to be,
    /// since `written` was all that had been.
    func withdraw(to count: Int, ifWritten written: UInt64) -> Bool {
        guard descriptor >= 0, writtenCount == written, !isAwaitingWritable, count <= outputCount else { return false }
        leaveRoom()
        while outputCount > count, let last = output.last {
            let surplus = min(outputCount - count, last.count)
            last.withdraw(surplus)
            outputCount -= surplus
            guard last.isEmpty else { break }
            output.removeLast()
            loop.buffers.give(last)
        }
        return true
    }

    /// Takes away all output that waits, for `resend` on another stream of this loop.
    package func takeOutput() -> UnsentOutput {
        leaveRoom()
        let unsent = UnsentOutput(buffers: output, count: outputCount, pool: loop.buffers)
        output = []
        outputCount = 0
        return unsent
    }

    /// Adds what another stream of this loop did not send.
    package func resend(_ unsent: UnsentOutput) {
        let (buffers, count) = unsent.take()
        guard descriptor >= 0, count > 0 else {
            for buffer in buffers { loop.buffers.give(buffer) }
            return
        }
        leaveRoom()
        output += buffers
        added(count)
    }

    /// Whether the source of this stream's output should pause.
    package var isAboveHighMark: Bool {
        if outputCount > Self.highMark {
            wasAboveHighMark = true
            return true
        }
        return false
    }

    /// Calls `streamDidDrain` once all output has been written.
    package func notifyWhenFlushed() {
        notifiesWhenFlushed = true
        if !isQueuedForFlush {
            isQueuedForFlush = true
            loop.flushLater(self)
        }
    }

    // MARK: Writing

    /// Writes as much as the socket takes. Called by the loop at the end of the turn.
    func flush() {
        isQueuedForFlush = false
        leaveRoom()
        guard descriptor >= 0, !isAwaitingWritable else { return }
        while outputCount > 0 {
            let written = write()
            if written > 0 {
                dropWritten(written)
            } else if errno == EAGAIN {
                if isAwaitingInputToWrite { break }
                isAwaitingWritable = true
                loop.changeStream(self, writing: true)
                break
            } else if errno != EINTR {
                failWriting(LoopError(call: "write", code: errno))
                break
            }
        }
        tellDrained()
    }

    /// One write before the turn ends. Whoever waits for the output to drain is told at the end of the turn, and of a
    /// failure as well: the write is tried again then.
    private func writeEarly() {
        guard descriptor >= 0, !isAwaitingWritable else { return }
        // A security layer takes less at once than the socket does: the rest goes as well.
        repeat {
            let written = write()
            guard written > 0 else { return }
            dropWritten(written)
        } while security != nil && outputCount > 0
    }

    private func write() -> Int {
        if let security { return sendSecured(by: security) }
        if output.count == 1 {
            let buffer = output[0]
            return unsafe send(descriptor, buffer.readable, buffer.count, Int32(MSG_NOSIGNAL))
        }
        return unsafe withUnsafeTemporaryAllocation(of: iovec.self, capacity: Self.vectorsAtOnce) { vectors in
            let count = min(output.count, Self.vectorsAtOnce)
            for index in 0..<count {
                let buffer = output[index]
                unsafe vectors[index] = iovec(
                    iov_base: UnsafeMutableRawPointer(mutating: buffer.readable), iov_len: buffer.count)
            }
            return unsafe writev(descriptor, vectors.baseAddress, Int32(count))
        }
    }

    private func dropWritten(_ written: Int) {
        outputCount -= written
        writtenCount &+= UInt64(written)
        var rest = written
        var done = 0
        while done < output.count {
            let buffer = output[done]
            if buffer.count > rest {
                buffer.consume(rest)
                break
            }
            rest -= buffer.count
            done += 1
            loop.buffers.give(buffer)
        }
        if done == output.count {
            output.removeAll(keepingCapacity: done <= 2)
        } else {
            output.removeFirst(done)
        }
    }

    private func tellDrained() {
        let isBelowMark = wasAboveHighMark && outputCount <= Self.lowMark
        let isFlushed = notifiesWhenFlushed && outputCount == 0
        guard isBelowMark || isFlushed else { return }
        if isBelowMark { wasAboveHighMark = false }
        if isFlushed { notifiesWhenFlushed = false }
        delegate?.streamDidDrain(self)
    }
}
