/// A request method (RFC 9110 section 9). Methods outside the registry's core are `.other`;
/// the bytes that arrived are what is forwarded.
package enum Method: UInt8, Sendable, CaseIterable {
    case get, head, post, put, delete, connect, options, trace, patch, other

    /// The method's token as it stands on the wire; empty for `.other`.
    package var name: String {
        switch self {
        case .get: "GET"
        case .head: "HEAD"
        case .post: "POST"
        case .put: "PUT"
        case .delete: "DELETE"
        case .connect: "CONNECT"
        case .options: "OPTIONS"
        case .trace: "TRACE"
        case .patch: "PATCH"
        case .other: ""
        }
    }

    /// Safe methods ask for nothing to change (RFC 9110 section 9.2.1).
    package var isSafe: Bool { self == .get || self == .head || self == .options || self == .trace }

    /// Idempotent methods may be sent again after a failure (RFC 9110 section 9.2.2).
    package var isIdempotent: Bool { isSafe || self == .put || self == .delete }

    /// The method named by `name`, which is case-sensitive; nil for one that this enum does not list.
    package init?(name: String) {
        guard let known = Self.allCases.first(where: { $0 != .other && $0.name == name }) else { return nil }
        self = known
    }
}
