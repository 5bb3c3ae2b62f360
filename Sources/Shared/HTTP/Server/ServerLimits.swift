/// Bounds of a server's connections. Times are in nanoseconds.
package struct ServerLimits: Sendable, Equatable {
    package var head = HeadLimits()
    /// From the first byte of a head to its last.
    package var headDeadline: UInt64 = 10_000_000_000
    /// Between requests.
    package var idleDeadline: UInt64 = 75_000_000_000
    /// Without `bodyProgress` bytes of the request's body, or its end.
    package var bodyDeadline: UInt64 = 30_000_000_000
    /// Bytes of a body that earn it another `bodyDeadline`: one who sends a byte now and then is not served for ever.
    package var bodyProgress = 1024
    /// Without a byte of the response being taken by the client.
    package var writeDeadline: UInt64 = 30_000_000_000
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
}
