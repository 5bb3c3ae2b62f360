// Unsafe code: a layer reads into memory, and writes from it, by pointer.

/// What stands between a stream's socket and its bytes: TLS. The loop knows no more of it than this.
///
/// It reads from and writes to the descriptor itself, which is non-blocking, and keeps what it needs for that alone: none
/// of it is held while a connection waits. All calls come on the stream's loop. The stream lets go of it when it is gone.
package protocol StreamSecurity: AnyObject {
    /// Takes the descriptor that it is to work on, which stays the stream's. Called once, before all else.
    func attach(_ descriptor: Int32)
    /// The kernel says that there is something to read. `isEnd`: perhaps the end as well.
    func inputDidArrive(isEnd: Bool)
    /// Goes on with the handshake. Any count that is not negative: it is done, and the peer is who it must be.
    func shakeHands() -> StreamSecurityResult
    /// Reads as many bytes as there are, up to `capacity`; a count of 0 is the end that the peer has announced.
    @unsafe func receive(_ bytes: UnsafeMutableRawPointer, _ capacity: Int) -> StreamSecurityResult
    /// Whether another `receive` may give bytes before the kernel says that more have come.
    var mayReceive: Bool { get }
    /// Writes some of `count` bytes. After a `wants…` it is called again with the same bytes, wherever they then are, and
    /// perhaps more behind them.
    @unsafe func send(_ bytes: UnsafeRawPointer, _ count: Int) -> StreamSecurityResult
    /// Announces the end of what is sent.
    func announceEnd() -> StreamSecurityResult
    /// Whether there is neither an end nor a byte of the peer's that nobody has read: of an idle connection.
    func isQuiet() -> Bool
    /// The most bytes that it sends at once. Less than that is gathered, and leaves in one piece.
    var pieceSize: Int { get }
}

/// A count, or why there is none.
package struct StreamSecurityResult: Equatable, Sendable {
    package let count: Int

    package init(count: Int) {
        self.count = count
    }

    /// Nothing is done until the socket has more to read.
    package static let wantsInput = StreamSecurityResult(count: -1)
    /// Nothing is done until the socket takes bytes.
    package static let wantsOutput = StreamSecurityResult(count: -2)
    /// The peer's bytes have ended, and it has not announced that: somebody may have cut them off.
    package static let truncated = StreamSecurityResult(count: -3)
    /// The peer broke the protocol, or is not who it must be.
    package static let refused = StreamSecurityResult(count: -4)
    /// A system call failed; `errno` says why.
    package static let failed = StreamSecurityResult(count: -5)
}
