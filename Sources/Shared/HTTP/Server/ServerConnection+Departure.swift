/// A client that ends its side of the connection while its answer is awaited. It may have said all (RFC 9112 section
/// 9.6), and reads on; it may have left. TCP tells both in the same way, so it is asked.
extension ServerConnection {
    /// Nanoseconds that an answer may still take before the client is asked: most come within, and nobody is.
    private static let departureGrace: UInt64 = 1_000_000_000

    package func streamDidFinish(_ stream: Stream) {
        // Who has left a Unix socket is known to have (`streamDidHangUp`).
        guard state == .exchange, !clientAddress.isEmpty else { return }
        stream.watchForDeparture()
        guard timer?.deadline == LoopTimer.never else { return }
        setDeadline(Self.departureGrace)
        awaited = .departure
    }

    /// Sends an interim response, which every client of HTTP/1.1 must be able to read (RFC 9110 section 15.2); 100 is the
    /// one that all of them know. The system of one that has left answers with a reset. Where the answer has begun, and
    /// with HTTP/1.0, nothing may be sent, and the kernel asks (`Stream.watchForDeparture`).
    func askWhetherClientIsThere() {
        guard head.minorVersion == 1, !response.hasBegun else { return }
        stream.append("HTTP/1.1 100 Continue\r\n\r\n")
        head.fields.expectsContinue = false
    }
}
