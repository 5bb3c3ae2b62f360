/// How often the clients of one loop met a limit, since it began. Written by the loop alone.
///
/// What is refused before there is a connection is counted by `ConnectionQuota`, a route's own limits by the gateway.
package struct LimitHits: Sendable, Equatable {
    /// Request lines (414), fields (431), numbers of fields (431) and heads (431) that were too long.
    package var requestLines: UInt64 = 0
    package var fields: UInt64 = 0
    package var fieldCounts: UInt64 = 0
    package var heads: UInt64 = 0
    /// Messages that were refused for another reason: malformed, or ambiguous.
    package var malformed: UInt64 = 0
    /// Heads that did not come in time (408), and connections on which none ever did.
    package var slowHeads: UInt64 = 0
    /// Bodies of requests that came too slowly (408).
    package var slowBodies: UInt64 = 0
    /// Clients that took too little of what waited for them.
    package var slowReaders: UInt64 = 0
    /// Connections closed because they were idle between requests.
    package var idle: UInt64 = 0
    /// Connections closed after as many requests as one may carry.
    package var requests: UInt64 = 0

    package init() {}

    mutating func count(_ fault: MessageFault) {
        switch fault {
        case .targetTooLong: requestLines &+= 1
        case .lineTooLong: fields &+= 1
        case .tooManyFields: fieldCounts &+= 1
        case .headTooLong: heads &+= 1
        default: malformed &+= 1
        }
    }
}
