/// Bounds of a server's connections. Times are in nanoseconds.
package struct ServerLimits: Sendable, Equatable {
    package var head = HeadLimits()
    /// From the first byte of a head to its last.
    package var headDeadline: UInt64 = 10_000_000_000
    /// Between requests.
    package var idleDeadline: UInt64 = 75_000_000_000
    /// For so much of the request's body as `bodyRate` asks for, or its end.
    package var bodyDeadline: UInt64 = 30_000_000_000
    /// Bytes a second that a request's body must bring, over `bodyDeadline`; 0 asks for one byte in all that time.
    package var bodyRate = 500
    /// For so much of the response to be taken by the client as `writeRate` asks for, while some waits.
    package var writeDeadline: UInt64 = 30_000_000_000
    /// Bytes a second that a client must take of what waits for it, over `writeDeadline`; 0 asks for one byte.
    package var writeRate = 500
    /// Without a byte in either direction of a tunnel.
    package var tunnelIdleDeadline: UInt64 = 3_600_000_000_000
    /// Requests on one connection.
    package var requestsPerConnection = 1_000_000
    /// Connections in all, of one process; one more is closed at once.
    package var connections = 10_000
    /// Connections of one client: of an IPv4 address or an IPv6 network of 64 bits. Unix sockets know no address.
    package var connectionsPerClient = 1_000
    /// How long connections without a request are kept open when draining begins, for requests that are on their way.
    package var drainGrace: UInt64 = 500_000_000
    /// How long, and for how many bytes, a closing connection is read so that the client can read the last answer.
    package var lingerDeadline: UInt64 = 2_000_000_000
    package var lingerBytes = 1024 * 1024

    package init() {}

    /// Bytes of a body that earn it another `bodyDeadline`: one who sends a byte now and then is not served for ever.
    var bodyProgress: Int { Self.count(bodyRate, over: bodyDeadline) }
    /// Bytes taken that earn a client another `writeDeadline`.
    var writeProgress: Int { Self.count(writeRate, over: writeDeadline) }

    private static func count(_ rate: Int, over nanoseconds: UInt64) -> Int {
        max(1, rate &* Int(nanoseconds / 1_000_000) / 1000)
    }
}
