/// What one loop has done since it began. Written by the loop alone.
struct Counters: Sendable {
    /// Requests whose head was whole.
    var requests: UInt64 = 0
    /// Responses of services that were delivered whole to the loop's connections.
    var completed: UInt64 = 0
    /// Messages refused as malformed, too long or too slow.
    var refused: UInt64 = 0
    /// Responses by the first digit of their status, 1 to 5, at index 0 to 4.
    var responses: InlineArray<5, UInt64> = .init(repeating: 0)
    /// Exchanges tried again on another connection.
    var retries: UInt64 = 0
    /// Exchanges whose client left before the response was complete.
    var cancelled: UInt64 = 0
    /// Responses broken off because the service's was.
    var broken: UInt64 = 0

    /// Tunnels opened by 101, and those that are open now.
    var tunnels: UInt64 = 0
    var openTunnels = 0

    mutating func count(status: Int) {
        let index = status / 100 - 1
        if index >= 0 && index < 5 { responses[index] &+= 1 }
    }
}
