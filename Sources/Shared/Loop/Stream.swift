// Unsafe code: recv(2) into a buffer.
import CLinux
import Glibc

/// A connected stream socket (TCP or Unix) on a loop. Holds an input buffer only while bytes wait in it, and an
/// output buffer only until they are written, which happens once, at the end of the turn.
@safe package final class Stream: EventSource {
    /// Above this many bytes of output its source should pause; at or below `lowMark` it may go on.
    package static let highMark = 64 * 1024
    package static let lowMark = 16 * 1024
    /// Reads in a row before the other streams of the loop have their turn.
    private static let readsAtOnce = 4

    package let loop: EventLoop
    /// Kept until the stream closes, which ends the cycle with its owner.
    package var delegate: (any StreamDelegate)?

    /// Bytes that were read and not yet consumed.
    package internal(set) var input: Buffer?
    var output: [Buffer] = []
    /// Where the next bytes of output go, and how many there is room for; in the last of `output`, which is told of
    /// them by `leaveRoom`. So a head of many small pieces costs a copy each, and no more.
    @usableFromInline var room: UnsafeMutableRawPointer?
    @usableFromInline var roomLeft = 0
    /// Bytes waiting to be written.
    @usableFromInline package internal(set) var outputCount = 0
    /// Bytes written since the stream was opened.
    package internal(set) var writtenCount: UInt64 = 0
    var isQueuedForFlush = false
    /// Word has been asked for that the socket takes bytes again.
    var isAwaitingWritable = false
    var wasAboveHighMark = false
    var notifiesWhenFlushed = false

    /// The kernel may have more bytes: an edge came, and no read since has come up short.
    private var mayRead = true
    private var isReading = false
    private var isQueuedForReading = false
    private var peerEnded = false
    private var hasToldFinish = false
    private var hasRefusedInput = false
    /// Both directions are gone, and nobody was told yet.
    private var isAbandoned = false
    /// The largest buffer is full: reading goes on when some of it is consumed.
    private var isInputFull = false
    /// Why nothing can be written any more, while what the peer sent before is still being read.
    private var brokenBy: LoopError?
    /// The attempt to connect, or the handshake after it, is under way.
    var isConnecting: Bool
    /// The last read filled its buffer: the next one is given a large one.
    private var hasFilled = false
    /// Set while a long body is under way: larger reads.
    package var expectsMuch = false

    /// What secures the bytes; nil for a plain stream.
    package let security: (any StreamSecurity)?
    /// The peer's bytes ended without its word that they were all: no regular end of what has no other.
    package internal(set) var isTruncated = false
    /// Connected, while the handshake is not done.
    var isSocketConnected: Bool
    /// Word has been asked for that the socket takes bytes of the handshake.
    var isWatchingRoom: Bool
    /// Writing goes on when the peer has said something.
    var isAwaitingInputToWrite = false
    /// Our end has been announced, or is to be when the socket takes bytes again.
    var hasAnnouncedEnd = false
    var isEndAnnouncementDue = false
    var resetsOnClose = false

    /// Whether bytes are wanted now. While false none are read, and the peer is slowed down by its full socket.
    package var wantsInput = true {
        didSet {
            if wantsInput != oldValue && (wantsInput ? mayRead : isAbandoned) { readSoon() }
        }
    }

    /// Takes over a connected (or connecting) non-blocking descriptor and closes it in the end.
    /// - Parameter security: what secures the bytes. The stream counts as connecting until its handshake is done.
    package init(
        loop: EventLoop, descriptor: Int32, isConnecting: Bool = false, security: (any StreamSecurity)? = nil
    ) throws(LoopError) {
        self.loop = loop
        self.isConnecting = isConnecting || security != nil
        self.security = security
        isSocketConnected = !isConnecting
        isWatchingRoom = isConnecting
        super.init(descriptor: descriptor)
        // Nothing is written before that.
        isAwaitingWritable = self.isConnecting
        security?.attach(descriptor)
        do throws(LoopError) {
            try loop.watchStream(self, writing: isConnecting)
        } catch {
            Glibc.close(descriptor)
            self.descriptor = -1
            throw error
        }
    }

    package var isClosed: Bool { descriptor < 0 }

    // MARK: Events

    override func ready(_ readiness: Readiness) {
        guard descriptor >= 0 else { return }
        if isConnecting {
            if let security {
                guard advance(security, readiness) else { return }
                isConnecting = false
                isAwaitingWritable = false
                delegate?.streamDidConnect(self)
                return securedReady(readiness, hasConnected: true)
            }
            guard readiness.writable else { return }
            guard finishConnecting() else { return }
        } else if security != nil {
            return securedReady(readiness)
        }
        if readiness.writable && isAwaitingWritable {
            isAwaitingWritable = false
            loop.changeStream(self, writing: false)
            flush()
        }
        guard descriptor >= 0, readiness.readable else { return }
        mayRead = true
        inputIsReady(readiness)
    }

    private func inputIsReady(_ readiness: Readiness) {
        if readiness.ended {
            peerEnded = true
            isAbandoned = readiness.abandoned
        }
        if wantsInput { readAvailable() }
        if peerEnded { tellUnreadEnd() }
    }

    /// The same with a security layer, which may have to write in order to read, and the other way round.
    private func securedReady(_ readiness: Readiness, hasConnected: Bool = false) {
        guard descriptor >= 0, let security else { return }
        if readiness.readable { security.inputDidArrive(isEnd: readiness.ended) }
        let isWritable = readiness.writable && isAwaitingWritable
        if isWritable {
            isAwaitingWritable = false
            loop.changeStream(self, writing: false)
            if isEndAnnouncementDue { endWriting(security) }
        }
        if isAwaitingInputToWrite && readiness.readable {
            isAwaitingInputToWrite = false
            flush()
        } else if isWritable || hasConnected {
            flush()
        }
        guard descriptor >= 0, readiness.readable || isWritable || hasConnected else { return }
        mayRead = true
        inputIsReady(readiness)
    }

    /// For one who reads on, the end of the bytes tells it.
    private func tellUnreadEnd() {
        guard !wantsInput, descriptor >= 0 else { return }
        if isAbandoned {
            isAbandoned = false
            delegate?.streamDidHangUp(self)
        } else if !hasToldFinish {
            hasToldFinish = true
            delegate?.streamDidFinish(self)
        }
    }

    /// Has the kernel ask soon, and again, whether the peer is still there; nothing on a Unix socket.
    package func watchForDeparture() {
        KeepAlive.suspicious.apply(to: descriptor)
    }

    /// Has the kernel ask now and then whether the peer is still there; nothing on a Unix socket.
    package func watchForLoss() {
        KeepAlive.ordinary.apply(to: descriptor)
    }

    /// Bytes written that the peer's side has not taken yet: they wait in the kernel.
    package var unacknowledgedCount: Int { Int(postern_unacknowledged(descriptor)) }

    private func finishConnecting() -> Bool {
        let code = postern_socket_error(descriptor)
        guard code == 0 else {
            fail(LoopError(call: "connect", code: code))
            return false
        }
        isConnecting = false
        delegate?.streamDidConnect(self)
        return descriptor >= 0
    }

    // MARK: Reading

    private func readSoon() {
        guard !isReading, !isQueuedForReading, descriptor >= 0 else { return }
        isQueuedForReading = true
        loop.readLater(self)
    }

    func resumeReading() {
        isQueuedForReading = false
        guard descriptor >= 0, !isConnecting else { return }
        if wantsInput { readAvailable() }
        if isAbandoned { tellUnreadEnd() }
    }

    private func readAvailable() {
        guard !isReading else { return }
        isReading = true
        defer { isReading = false }
        var reads = 0
        while wantsInput, mayRead, descriptor >= 0 {
            guard reads < Self.readsAtOnce else {
                isReading = false
                return readSoon()
            }
            reads += 1
            guard let buffer = roomForInput() else {
                isInputFull = true
                return
            }
            let space = buffer.free
            let count: Int
            if let security {
                count = receiveSecured(by: security, into: buffer, space)
            } else {
                // Not read(2), which asks what a file is first (recv(2) with no flags is otherwise the same).
                count = unsafe recv(descriptor, buffer.writable, space, 0)
            }
            if count > 0 {
                buffer.produced(count)
                hasFilled = count == space
                // A short read has emptied the socket (epoll(7)); an end that came with it is still to be read.
                if count < space && !peerEnded { mayRead = security?.mayReceive ?? false }
                delegate?.streamDidRead(self)
                releaseEmptyInput()
            } else if count == 0 {
                mayRead = false
                releaseEmptyInput()
                if let brokenBy { return fail(brokenBy) }
                delegate?.streamDidEnd(self)
            } else {
                let code = errno
                if code == EINTR { continue }
                releaseEmptyInput()
                if code == EAGAIN {
                    mayRead = false
                } else {
                    return fail(LoopError(call: "read", code: code))
                }
            }
        }
    }

    /// A buffer with room; nil when the largest is full and nobody consumed.
    private func roomForInput() -> Buffer? {
        guard let buffer = input else {
            let buffer = expectsMuch || hasFilled ? loop.buffers.takeLarge() : loop.buffers.takeSmall()
            input = buffer
            return buffer
        }
        if buffer.free > 0 { return buffer }
        buffer.compact()
        if buffer.free > 0 { return buffer }
        guard buffer.capacity < BufferPool.largeSize else { return nil }
        let larger = loop.buffers.takeLarge()
        _ = unsafe larger.append(UnsafeRawBufferPointer(start: buffer.readable, count: buffer.count))
        loop.buffers.give(buffer)
        input = larger
        return larger
    }

    private func releaseEmptyInput() {
        if let buffer = input, buffer.isEmpty {
            input = nil
            loop.buffers.give(buffer)
        }
    }

    /// Bytes that can be consumed now.
    package var inputCount: Int { input?.count ?? 0 }

    /// Drops the first `count` bytes of the input.
    package func consume(_ count: Int) {
        guard count > 0, let buffer = input else { return }
        buffer.consume(count)
        if !isReading { releaseEmptyInput() }
        if isInputFull { goOnAfterFull() }
    }

    /// Takes the whole input away with its buffer; the caller gives it back to the pool.
    func handOverInput() -> Buffer? {
        let buffer = input
        input = nil
        if isInputFull { goOnAfterFull() }
        return buffer
    }

    private func goOnAfterFull() {
        isInputFull = false
        if wantsInput { readSoon() }
    }

    // MARK: Ending

    /// Tells the peer that no more comes; what it still sends is read.
    package func shutdownWriting() {
        guard descriptor >= 0 else { return }
        if let security { return endWriting(security) }
        _ = postern_shutdown_write(descriptor)
    }

    /// Has the kernel take no more of the peer's bytes: its next write fails, and it knows that nothing of it was
    /// received. What it wrote before is still read, and after it the end. False where that cannot be had: on TCP the
    /// peer's kernel has taken bytes for sent before ours can refuse them.
    package func refuseInput() -> Bool {
        guard descriptor >= 0, security == nil, !hasRefusedInput, postern_refuse_input(descriptor) == 0 else {
            return false
        }
        hasRefusedInput = true
        // The kernel tells the peer alone of it.
        peerEnded = true
        mayRead = true
        if wantsInput { readSoon() }
        return true
    }

    /// Closes at once. Output that was not written is lost; nothing more is told to the delegate.
    package func close() {
        guard descriptor >= 0 else { return }
        delegate = nil
        if let security { sayFarewell(security) }
        loop.forget(self)
        if let buffer = input { loop.buffers.give(buffer) }
        input = nil
        dropOutput()
    }

    private func dropOutput() {
        leaveRoom()
        for buffer in output { loop.buffers.give(buffer) }
        output = []
        outputCount = 0
    }

    /// Makes `close` send a reset, which nobody takes for the end of a message.
    package func resetOnClose() {
        guard descriptor >= 0 else { return }
        resetsOnClose = true
        _ = postern_reset_on_close(descriptor)
    }

    /// A write failed. A peer that is gone may have said something before it went (an answer to the half of a
    /// request): one who reads gets to hear that first, and the end after it.
    func failWriting(_ error: LoopError) {
        if delegate?.streamCannotWrite(self) == true { return }
        guard wantsInput, error.code == EPIPE || error.code == ECONNRESET else { return fail(error) }
        dropOutput()
        // After a reset the socket only tells an end, which must not pass for a regular one.
        if error.code == ECONNRESET { brokenBy = error }
        mayRead = true
        peerEnded = true
        readSoon()
    }

    func fail(_ error: LoopError) {
        let delegate = self.delegate
        close()
        delegate?.streamDidFail(self, error)
    }
}
