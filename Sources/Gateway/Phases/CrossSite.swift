// Unsafe code: the bytes of words that the compiler knows.
import Shared

/// Requests that another site's page has a browser send, with the cookies that it has for us (cross-site request forgery).
/// A browser says where they come from: `Sec-Fetch-Site` (Fetch Metadata), else `Origin` (the Fetch standard, section
/// 3.1). Where a cookie may be a token, such a request must not change anything, and open no tunnel, unless the route's
/// `cors` lets that origin act with credentials.
extension Exchange {
    /// Nothing is looked at where no cookie may be a token, for a method that changes nothing, or where `Authorization` is
    /// judged in the cookies' place. Where nothing is judged here, a service may go by the cookies, whatever is beside them.
    @inline(__always) func refuseCrossSite(
        _ connection: ServerConnection, _ rule: RouteRule
    ) throws(GatewayError) {
        guard let names = table.snapshot.tokenCookies else { return }
        let head = connection.head
        guard !head.method.isSafe || head.fields.wantsUpgrade else { return }
        let field = head.fields.authorization
        if field >= 0, !head.fields.lines[field].valueRange.isEmpty, rule.authentication != .none { return }
        let isAllowed = connection.withHead { bytes in
            !hasTokenCookie(names, head.fields, bytes) || isOfThisSite(head.fields, bytes, rule)
        }
        guard !isAllowed else { return }
        worker.counters.crossSiteRefusals &+= 1
        throw .client(.crossSite)
    }

    private func isOfThisSite(_ fields: FieldIndex, _ bytes: RawSpan, _ rule: RouteRule) -> Bool {
        guard let origin = Self.single(of: fields, where: { $0.name == .origin }) else { return false }
        if !origin.isEmpty, let cors = rule.cors, cors.allowsCredentials,
            cors.origins.contains(bytes.extracting(origin))
        {
            return true
        }
        guard let site = Self.single(of: fields, where: { $0.isNamed("sec-fetch-site", in: bytes) }) else {
            return false
        }
        if !site.isEmpty {
            return Self.isWord(bytes, site, "same-origin") || Self.isWord(bytes, site, "none")
        }
        return origin.isEmpty || OriginHost.isSame(bytes, origin: origin, host: fields.hostRange)
    }

    /// The value of the field that `isIt` finds; empty without one, nil where there are two: one is not the browser's.
    private static func single(of fields: FieldIndex, where isIt: (FieldLine) -> Bool) -> Range<Int>? {
        var found: Range<Int>?
        for index in 0..<fields.lines.count where isIt(fields.lines[index]) {
            guard found == nil else { return nil }
            found = fields.lines[index].valueRange
            // One that is there and says nothing is no browser's.
            if found?.isEmpty == true { return nil }
        }
        return found ?? 0..<0
    }

    private static func isWord(_ bytes: RawSpan, _ range: Range<Int>, _ word: StaticString) -> Bool {
        guard range.count == word.utf8CodeUnitCount else { return false }
        for offset in 0..<range.count {
            let expected = unsafe word.utf8Start[offset]
            guard ByteText.at(bytes, range.lowerBound + offset) == expected else { return false }
        }
        return true
    }
}

/// An origin beside the host that a request names.
enum OriginHost {
    /// Whether a page of this origin came from this host: name and port are the same, where one that stands for the
    /// scheme's own port may be left out. The scheme itself may be another one: who ends TLS before the gateway makes it so.
    static func isSame(_ bytes: RawSpan, origin: Range<Int>, host: Range<Int>) -> Bool {
        let port: StaticString
        var authority = origin
        if let rest = rest(bytes, origin, after: "https://") {
            (authority, port) = (rest, ":443")
        } else if let rest = rest(bytes, origin, after: "http://") {
            (authority, port) = (rest, ":80")
        } else {
            return false
        }
        let one = without(port, bytes, authority)
        let other = without(port, bytes, host)
        guard one.count == other.count, !one.isEmpty else { return false }
        for offset in 0..<one.count {
            let (a, b) = (ByteText.at(bytes, one.lowerBound + offset), ByteText.at(bytes, other.lowerBound + offset))
            guard lower(a) == lower(b) else { return false }
        }
        return true
    }

    private static func rest(_ bytes: RawSpan, _ range: Range<Int>, after start: StaticString) -> Range<Int>? {
        let count = start.utf8CodeUnitCount
        guard range.count > count else { return nil }
        for offset in 0..<count {
            let expected = unsafe start.utf8Start[offset]
            guard lower(ByteText.at(bytes, range.lowerBound + offset)) == expected else { return nil }
        }
        return range.lowerBound + count..<range.upperBound
    }

    private static func without(_ end: StaticString, _ bytes: RawSpan, _ range: Range<Int>) -> Range<Int> {
        let count = end.utf8CodeUnitCount
        guard range.count > count else { return range }
        for offset in 0..<count {
            let expected = unsafe end.utf8Start[offset]
            guard ByteText.at(bytes, range.upperBound - count + offset) == expected else { return range }
        }
        return range.lowerBound..<range.upperBound - count
    }

    private static func lower(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }
}
