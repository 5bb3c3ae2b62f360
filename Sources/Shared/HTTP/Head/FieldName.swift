/// The header fields that the engine or the gateway knows by name; all others are `.other`.
///
/// Recognised once, while the head is parsed: nothing compares names again.
package enum FieldName: UInt8, Sendable, BitwiseCopyable {
    case other
    // Framing and the connection (RFC 9112 sections 6 and 9, RFC 9110 section 7.6.1).
    case contentLength, transferEncoding, connection, keepAlive, proxyConnection, upgrade, trailer, te, http2Settings
    case expect, host
    // Credentials.
    case authorization, proxyAuthorization, proxyAuthenticate, wwwAuthenticate, cookie, setCookie
    // Who is asking: set by the gateway alone.
    case forwarded, xForwarded, xRealIP, xRequestID, postern
    /// A name with an underscore, which some services take for a hyphen.
    case underscored
    // What describes a server.
    case server, xPoweredBy, via, date
    // What a browser is to keep to with this host: the gateway's to say.
    case strictTransportSecurity
    // Where a browser's page came from.
    case origin, referer
    // What pages of other origins may do (the Fetch standard, section 3.2): all that begin with `Access-Control-`.
    case accessControl
    /// Any other that does (`ServerDetail`).
    case serverDetail
    case ifNoneMatch, etag, contentType, cacheControl, retryAfter, traceparent
    // What may tell where a service is: its URLs, its host.
    case location, contentLocation, refresh, link, accessControlAllowOrigin, contentSecurityPolicy

    /// Fields that concern one connection, and framing, which every message gets anew.
    @inline(__always) package var isHopByHop: Bool {
        switch self {
        case .contentLength, .transferEncoding, .connection, .keepAlive, .proxyConnection, .upgrade, .trailer, .te,
            .http2Settings, .proxyAuthorization, .proxyAuthenticate:
            true
        default: false
        }
    }

    /// Fields that describe who serves.
    @inline(__always) package var describesServer: Bool {
        switch self {
        case .server, .xPoweredBy, .via, .serverDetail, .strictTransportSecurity: true
        default: false
        }
    }

    /// Fields of a response that are made of URLs and hosts, each in a way of its own.
    @inline(__always) package var tellsPlace: Bool {
        switch self {
        case .location, .contentLocation, .refresh, .link, .accessControlAllowOrigin, .contentSecurityPolicy,
            .setCookie, .wwwAuthenticate:
            true
        default: false
        }
    }

    /// Fields that only the gateway may set towards a service.
    @inline(__always) package var isReserved: Bool {
        switch self {
        case .forwarded, .xForwarded, .xRealIP, .xRequestID, .postern, .underscored: true
        default: false
        }
    }

    /// Fields that a client's `Connection` must not name: dropping them would change who asks, or for what.
    package var isProtected: Bool {
        isReserved || self == .host || self == .authorization || self == .cookie || self == .contentLength
            || self == .transferEncoding || self == .contentType || self == .expect || self == .traceparent
    }
}

extension FieldName {
    /// A longer name is refused.
    private static let longest = 255

    /// The name in `range`; nil when it is no token (RFC 9110 section 5.1), or too long.
    @inline(__always) static func identify(_ bytes: RawSpan, _ range: Range<Int>) -> FieldName? {
        let known = byLength(bytes, range)
        return known == .other ? byShape(bytes, range) : known
    }

    /// Where the name stands in a whole, checked line.
    package static func range(in line: RawSpan) -> Range<Int> {
        0..<(Bytes.first(Bytes.colon, in: line, 0, line.byteCount) ?? 0)
    }

    private static func byLength(_ bytes: RawSpan, _ name: Range<Int>) -> FieldName {
        @inline(__always) func check(_ word: StaticString, _ field: FieldName) -> FieldName? {
            Bytes.equals(bytes, name, word) ? field : nil
        }
        switch name.count {
        case 2: return check("te", .te) ?? .other
        case 3: return check("via", .via) ?? .other
        case 4:
            return check("host", .host) ?? check("date", .date) ?? check("etag", .etag) ?? check("link", .link)
                ?? .other
        case 6:
            return check("cookie", .cookie) ?? check("expect", .expect) ?? check("server", .server)
                ?? check("origin", .origin) ?? .other
        case 7:
            return check("upgrade", .upgrade) ?? check("trailer", .trailer) ?? check("referer", .referer)
                ?? check("refresh", .refresh) ?? .other
        case 8: return check("location", .location) ?? .other
        case 9: return check("x-real-ip", .xRealIP) ?? check("forwarded", .forwarded) ?? .other
        case 10:
            return check("connection", .connection) ?? check("keep-alive", .keepAlive)
                ?? check("set-cookie", .setCookie) ?? .other
        case 11: return check("retry-after", .retryAfter) ?? check("traceparent", .traceparent) ?? .other
        case 12:
            return check("content-type", .contentType) ?? check("x-powered-by", .xPoweredBy)
                ?? check("x-request-id", .xRequestID) ?? .other
        case 13:
            return check("authorization", .authorization) ?? check("cache-control", .cacheControl)
                ?? check("if-none-match", .ifNoneMatch) ?? .other
        case 14: return check("content-length", .contentLength) ?? check("http2-settings", .http2Settings) ?? .other
        case 16:
            return check("proxy-connection", .proxyConnection) ?? check("www-authenticate", .wwwAuthenticate)
                ?? check("content-location", .contentLocation) ?? .other
        case 17: return check("transfer-encoding", .transferEncoding) ?? .other
        case 18: return check("proxy-authenticate", .proxyAuthenticate) ?? .other
        case 19: return check("proxy-authorization", .proxyAuthorization) ?? .other
        case 23: return check("content-security-policy", .contentSecurityPolicy) ?? .other
        case 25: return check("strict-transport-security", .strictTransportSecurity) ?? .other
        case 27: return check("access-control-allow-origin", .accessControlAllowOrigin) ?? .other
        case 35: return check("content-security-policy-report-only", .contentSecurityPolicy) ?? .other
        default: return .other
        }
    }

    private static func byShape(_ bytes: RawSpan, _ name: Range<Int>) -> FieldName? {
        guard name.count <= longest, Bytes.isToken(bytes, name) else { return nil }
        let first = Bytes.lowercased(Bytes.at(bytes, name.lowerBound))
        if first == 112 && (Bytes.hasPrefix(bytes, name, "postern-") || Bytes.equals(bytes, name, "postern")) {
            return .postern
        }
        if first == 97 && Bytes.hasPrefix(bytes, name, "access-control-") { return .accessControl }
        if first == 120 && Bytes.hasPrefix(bytes, name, "x-forwarded-") { return .xForwarded }
        if Bytes.first(95, in: bytes, name.lowerBound, name.upperBound) != nil { return .underscored }
        return ServerDetail.describes(bytes, name) ? .serverDetail : .other
    }
}
