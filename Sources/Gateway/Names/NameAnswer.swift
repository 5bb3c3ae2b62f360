/// What DNS says of a name in one family.
enum NameAnswer: Sendable, Equatable {
    /// Addresses, and seconds for which they may be kept.
    case found([IPAddress], ttl: UInt32)
    /// It has none of this family: the name's own servers say so.
    case none
    /// Nobody has said anything; why, for the log.
    case failed(String)
}

/// Who looks names up. On one loop.
protocol NameResolver: AnyObject {
    /// `done` is called once, on the loop, perhaps before this returns.
    func ask(_ host: String, isIPv6: Bool, _ done: @escaping (NameAnswer) -> Void)
}
