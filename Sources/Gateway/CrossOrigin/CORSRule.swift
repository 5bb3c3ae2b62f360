// Unsafe code: bytes copied out of a field.
import Shared

/// `cors:` of a route, ready for the byte path: which pages of other origins may read its answers (the Fetch standard,
/// section 3.2).
final class CORSRule: Sendable {
    let origins: OriginSet
    /// A preflight's answer for an origin that may ask, after the fields of every answer.
    let preflightFields: [UInt8]
    /// A preflight's answer names whatever fields were asked for.
    let takesAllHeaders: Bool
    /// Of every answer to an origin that may read it.
    private let grantFields: [UInt8]
    /// Whether pages of these origins act with their readers' cookies.
    let allowsCredentials: Bool

    /// - Parameters:
    ///   - methods: what a page may send, among what the route takes.
    ///   - headers: fields that a page may send; nil for all.
    ///   - expose: fields that a page may read besides those that it always may.
    ///   - maxAge: seconds for which a browser may keep a preflight's answer; nil says nothing.
    init(
        origins: OriginSet, methods: [Method], headers: [String]?, expose: [String], allowsCredentials: Bool,
        maxAge: Int?
    ) {
        self.origins = origins
        self.allowsCredentials = allowsCredentials
        takesAllHeaders = headers == nil
        var grant = ""
        if allowsCredentials { grant += "Access-Control-Allow-Credentials: true\r\n" }
        if !expose.isEmpty { grant += "Access-Control-Expose-Headers: \(expose.joined(separator: ", "))\r\n" }
        grantFields = Array(grant.utf8)
        // The names are written out: `*` would not count with credentials, and stands for no Authorization.
        let names = methods.map(\.name).filter { !$0.isEmpty }
        var preflight = "Access-Control-Allow-Methods: \(names.joined(separator: ", "))\r\n"
        if let headers, !headers.isEmpty {
            preflight += "Access-Control-Allow-Headers: \(headers.joined(separator: ", "))\r\n"
        }
        if let maxAge { preflight += "Access-Control-Max-Age: \(maxAge)\r\n" }
        preflightFields = Array(preflight.utf8)
    }

    /// Adds what every answer says, preflight or not: whether the page may read it. Returns whether it may.
    /// - Parameter origin: the request's `Origin`; empty without one, or where it says several.
    @discardableResult
    func appendFields(for origin: RawSpan, to bytes: inout [UInt8]) -> Bool {
        if origins.isAny {
            bytes.append(contentsOf: Self.anyOrigin)
            bytes.append(contentsOf: grantFields)
            return true
        }
        // A cache must not give one origin what another was told; so it is said of answers that grant nothing too.
        bytes.append(contentsOf: Self.vary)
        guard origins.contains(origin) else { return false }
        bytes.append(contentsOf: Self.allowOrigin)
        unsafe origin.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
        bytes.append(13)
        bytes.append(10)
        bytes.append(contentsOf: grantFields)
        return true
    }

    private static let anyOrigin = Array("Access-Control-Allow-Origin: *\r\n".utf8)
    private static let vary = Array("Vary: Origin\r\n".utf8)
    private static let allowOrigin = Array("Access-Control-Allow-Origin: ".utf8)
}
