/// Another protocol on the client's connection (RFC 9110 section 7.8).
extension ServerConnection {
    /// Whether the request asks for another protocol in a way that can be passed on: GET of HTTP/1.1 without a body,
    /// `Connection: upgrade`, and one `Upgrade` that names no HTTP and no TLS. HTTP in a tunnel would be requests that
    /// nobody routes, judges or masks.
    package var asksForUpgrade: Bool {
        let fields = head.fields
        guard fields.wantsUpgrade, fields.upgrade >= 0, head.method == .get, head.minorVersion == 1, !head.hasBody,
            requestEnded
        else { return false }
        return withHead { bytes in UpgradeRule.isPassable(bytes, fields) }
    }

    /// Nanoseconds that a tunnel may stand still.
    package var tunnelIdleDeadline: UInt64 { limits.tunnelIdleDeadline }

    /// No other request follows on this connection.
    package func endAfterResponse() {
        keepsAlive = false
    }

    /// Ends the head of 101, whose further fields have been written, and gives the stream away: who takes it becomes
    /// its delegate. The exchange stays, and is cancelled when the connection is closed from this side (`abort`).
    package func switchProtocols() {
        stream.append("Connection: upgrade\r\n\r\n")
        consumeHead()
        cancelDeadline()
        keepsAlive = false
        state = .tunnel
    }
}
