import Shared

/// What the auth service says on its stream (docs/revocation.md).
enum RevocationEvent: Equatable {
    /// The stream's first: what was revoked before it has not been heard.
    case begin
    /// Verdicts with this `Postern-User` may be others now; nil for all verdicts.
    case revoked(user: [UInt8]?)
    /// An event of a later version.
    case unknown

    /// Nil for an event that we know and cannot understand.
    init?(name: [UInt8], data: [UInt8]) {
        switch String(decoding: name, as: UTF8.self) {
        case "begin":
            guard Self.object(data) != nil else { return nil }
            self = .begin
        case "revoked":
            guard let object = Self.object(data) else { return nil }
            switch object["user"] {
            case nil: self = .revoked(user: nil)
            case .string(let user)?: self = .revoked(user: Array(user.utf8))
            default: return nil
            }
        default: self = .unknown
        }
    }

    private static func object(_ data: [UInt8]) -> StrictJSONObject? {
        try? StrictJSON.parseObject(data, limits: StrictJSONLimits(length: EventStreamParser.lineLimit, depth: 8))
    }
}
