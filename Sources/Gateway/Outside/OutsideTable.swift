/// What the control side knows now, for the next snapshot.
struct OutsideTable: Sendable, Equatable {
    /// What names lead to: addresses that were judged, families in turn. A name that is not in it has none yet.
    var addresses: [ServiceName: [IPAddress]] = [:]
    /// The field `Authorization` with its CRLF. A token that is not in it could not be had yet, or has ended.
    var tokens: [OAuthConfiguration: [UInt8]] = [:]

    subscript(name: ServiceName) -> [IPAddress] { addresses[name] ?? [] }
}
