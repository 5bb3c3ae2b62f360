/// Two streams joined after 101 (RFC 9110 section 15.2.2): what comes on one leaves on the other, as it comes.
///
/// A side that reads slowly slows the other down; the end of one direction is passed on, and the other goes on. The
/// tunnel ends when both directions have, when one side is gone, or when nothing has moved for its deadline.
package final class Tunnel: StreamDelegate {
    private let client: Stream
    private let service: Stream
    private let idleDeadline: UInt64
    private var timer: LoopTimer?
    private var clientEnded = false
    private var serviceEnded = false
    /// One side is gone; what it said last is on its way to the other.
    private var isEnding = false
    /// What had been written to both when the deadline was set.
    private var writtenAtDeadline: UInt64 = 0
    /// Called once when the tunnel is over; both streams are closed then.
    private var ended: (() -> Void)?
    /// It ended because nothing moved.
    package private(set) var wasIdle = false

    /// - Parameters:
    ///   - idleDeadline: nanoseconds without a byte in either direction.
    ///   - ended: told that the tunnel is over, unless that is by `close`.
    package init(client: Stream, service: Stream, idleDeadline: UInt64, ended: @escaping () -> Void) {
        self.client = client
        self.service = service
        self.idleDeadline = idleDeadline
        self.ended = ended
        timer = LoopTimer(loop: client.loop) { [unowned self] in deadlinePassed() }
        for stream in [client, service] {
            stream.delegate = self
            stream.expectsMuch = false
            // Output from before the tunnel is not its own to wait for.
            stream.wasAboveHighMark = stream.isAboveHighMark
        }
        // A client's connection has it from its listener.
        service.watchForLoss()
        setDeadline()
        // Either side may have spoken already.
        pass(from: client)
        pass(from: service)
        client.wantsInput = !service.isAboveHighMark
        service.wantsInput = !client.isAboveHighMark
    }

    /// Closes both streams at once and tells nobody.
    package func close() {
        ended = nil
        timer?.invalidate()
        timer = nil
        client.close()
        service.close()
    }

    private func end() {
        let ended = self.ended
        close()
        ended?()
    }

    private func setDeadline() {
        writtenAtDeadline = client.writtenCount &+ service.writtenCount
        timer?.set(after: idleDeadline)
    }

    private func deadlinePassed() {
        // One who takes what waits, if slowly, is not idle.
        let isWaiting = client.outputCount + service.outputCount > 0
        if isWaiting && writtenAtDeadline != client.writtenCount &+ service.writtenCount { return setDeadline() }
        wasIdle = true
        end()
    }

    private func counterpart(of stream: Stream) -> Stream { stream === client ? service : client }

    private func hasEnded(_ stream: Stream) -> Bool { stream === client ? clientEnded : serviceEnded }

    private func pass(from stream: Stream) {
        counterpart(of: stream).transfer(stream.inputCount, from: stream)
    }

    /// The one side has said all and the other has got it.
    private func passEnd(to stream: Stream) {
        stream.shutdownWriting()
        if clientEnded && serviceEnded && client.outputCount == 0 && service.outputCount == 0 { end() }
    }

    /// One side is gone in both directions: what it said last still reaches the other.
    private func abandon(_ stream: Stream) {
        let other = counterpart(of: stream)
        guard !isEnding, !other.isClosed, other.outputCount > 0 else { return end() }
        isEnding = true
        stream.close()
        other.wantsInput = false
        setDeadline()
        other.notifyWhenFlushed()
    }

    // MARK: StreamDelegate

    package func streamDidRead(_ stream: Stream) {
        setDeadline()
        pass(from: stream)
        if counterpart(of: stream).isAboveHighMark { stream.wantsInput = false }
    }

    package func streamDidEnd(_ stream: Stream) {
        guard !hasEnded(stream), !isEnding, !stream.isTruncated else { return abandon(stream) }
        if stream === client { clientEnded = true } else { serviceEnded = true }
        // From here on only the loss of the other direction is of interest.
        stream.wantsInput = false
        let other = counterpart(of: stream)
        if other.outputCount == 0 { passEnd(to: other) } else { other.notifyWhenFlushed() }
    }

    package func streamDidDrain(_ stream: Stream) {
        setDeadline()
        if isEnding {
            if stream.outputCount == 0 { end() }
            return
        }
        let source = counterpart(of: stream)
        if !hasEnded(source) {
            source.wantsInput = true
        } else if stream.outputCount == 0 {
            passEnd(to: stream)
        }
    }

    package func streamDidHangUp(_ stream: Stream) { abandon(stream) }

    package func streamDidFail(_ stream: Stream, _ error: LoopError) { abandon(stream) }
}
