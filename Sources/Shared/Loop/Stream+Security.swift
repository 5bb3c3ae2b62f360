// Unsafe code: bytes move between buffers and the layer that secures them; output is gathered in memory on the stack.
import CLinux
import Glibc

/// A stream with a `StreamSecurity` between its socket and its bytes. All of this is reached behind one check of
/// `security` for nil; a plain stream runs none of it.
extension Stream {
    /// Goes on with connecting and with the handshake; true once both are done.
    func advance(_ security: any StreamSecurity, _ readiness: Readiness) -> Bool {
        if !isSocketConnected {
            guard readiness.writable else { return false }
            let code = postern_socket_error(descriptor)
            guard code == 0 else {
                fail(LoopError(call: "connect", code: code))
                return false
            }
            isSocketConnected = true
        }
        if readiness.readable { security.inputDidArrive(isEnd: readiness.ended) }
        switch security.shakeHands() {
        case .wantsInput: waitForRoom(false)
        case .wantsOutput: waitForRoom(true)
        case .truncated: fail(LoopError(call: "handshake", code: ECONNRESET))
        case .refused: fail(LoopError(call: "handshake", code: EPROTO))
        case .failed: fail(LoopError(call: "handshake", code: errno))
        default:
            waitForRoom(false)
            return true
        }
        return false
    }

    /// Has the loop tell, or no longer tell, that the socket takes bytes. Output waits for the handshake in either case.
    private func waitForRoom(_ waits: Bool) {
        guard isWatchingRoom != waits else { return }
        isWatchingRoom = waits
        loop.changeStream(self, writing: waits)
    }

    /// As recv(2): a count, 0 for the end, -1 with `errno`.
    func receiveSecured(by security: any StreamSecurity, into buffer: Buffer, _ space: Int) -> Int {
        let result = unsafe security.receive(buffer.writable, space)
        switch result {
        case .wantsInput: errno = EAGAIN
        case .wantsOutput:
            // An answer of its own (to a new key of the peer's) is in the way; reading goes on after it.
            errno = EAGAIN
            if !isAwaitingWritable {
                isAwaitingWritable = true
                loop.changeStream(self, writing: true)
            }
        case .truncated:
            isTruncated = true
            return 0
        case .refused: errno = EPROTO
        case .failed: break
        default: return result.count
        }
        return -1
    }

    /// As send(2). What there is in small buffers leaves in one piece.
    func sendSecured(by security: any StreamSecurity) -> Int {
        let size = min(outputCount, security.pieceSize)
        let first = output[0]
        let result: StreamSecurityResult
        if first.count >= size {
            result = unsafe security.send(first.readable, size)
        } else {
            result = unsafe withUnsafeTemporaryAllocation(byteCount: size, alignment: 16) { room in
                guard let base = room.baseAddress else { return .failed }
                var filled = 0
                for buffer in output where filled < size {
                    let part = min(buffer.count, size - filled)
                    unsafe memcpy(base + filled, buffer.readable, part)
                    filled += part
                }
                return unsafe security.send(base, size)
            }
        }
        switch result {
        case .wantsInput:
            isAwaitingInputToWrite = true
            errno = EAGAIN
        case .wantsOutput: errno = EAGAIN
        case .truncated, .refused: errno = EPIPE
        case .failed: break
        default: return result.count
        }
        return -1
    }

    /// Says that no more comes, then ends this side of the socket.
    func endWriting(_ security: any StreamSecurity) {
        guard !isConnecting else { return }
        hasAnnouncedEnd = true
        guard security.announceEnd() == .wantsOutput else {
            isEndAnnouncementDue = false
            _ = postern_shutdown_write(descriptor)
            return
        }
        isEndAnnouncementDue = true
        guard !isAwaitingWritable else { return }
        isAwaitingWritable = true
        loop.changeStream(self, writing: true)
    }

    /// An orderly end is told as one, where nothing is missing before it; a try, because nobody waits for it.
    func sayFarewell(_ security: any StreamSecurity) {
        guard !isConnecting, !hasAnnouncedEnd, outputCount == 0, !resetsOnClose, !isAwaitingWritable else { return }
        _ = security.announceEnd()
    }

    /// Whether neither an end nor a byte has come that was not read yet; of a connection that nothing is awaited on.
    package var isQuiet: Bool {
        if let security { return security.isQuiet() }
        var byte: UInt8 = 0
        return unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK | MSG_DONTWAIT)) < 0 && errno == EAGAIN
    }
}
