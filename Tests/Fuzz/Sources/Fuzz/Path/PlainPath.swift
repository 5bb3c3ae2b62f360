import Shared

/// A request-target read in the plainest way: cut at the first `?`, then at each `/`, then each segment decoded and
/// encoded anew.
enum PlainPath {
    private static let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
    private static let inSegment = unreserved.union("!$&'()*+,=:@".utf8)
    private static let inQuery = unreserved.union("!$&'()*+,;=:@/?[]{}|^`".utf8)

    static func read(_ target: [UInt8]) -> PathReading {
        let parts = target.split(separator: 63, maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = parts.first, path.first == 47 else { return .refused }
        let query = parts.count == 2 ? Array(parts[1]) : nil
        if let query, decoded(query, plain: inQuery) == nil { return .refused }

        var segments = path.dropFirst().split(separator: 47, omittingEmptySubsequences: false)
        let hasTrailingSlash = segments.count > 1 && segments.last?.isEmpty == true
        if segments.last?.isEmpty == true { segments.removeLast() }
        guard segments.count <= CanonicalPath.segmentLimit else { return .refused }

        var values: [[UInt8]] = []
        for segment in segments {
            guard let value = decoded(Array(segment), plain: inSegment), isAcceptable(value) else { return .refused }
            values.append(value)
        }
        let encoded = path.contains(37) ? values.map(encode) : segments.map { Array($0) }
        let canonical = [47] + encoded.joined(separator: [47]) + (hasTrailingSlash ? [47] : [])
        var reading = PathReading(canonical: canonical, query: query.map { [63] + $0 } ?? [])
        reading.segments = values
        reading.encoded = encoded
        reading.hasTrailingSlash = hasTrailingSlash
        reading.hasEncodedSlash = values.contains { $0.contains(47) }
        return reading
    }

    private static func isAcceptable(_ value: [UInt8]) -> Bool {
        let pieces = value.split(separator: 47, omittingEmptySubsequences: false).map { Array($0) }
        return !value.isEmpty && !pieces.contains([46]) && !pieces.contains([46, 46])
            && value.allSatisfy { $0 >= 32 && $0 != 127 && $0 != 92 }
            && String(validating: value, as: UTF8.self) != nil
    }

    /// Nil if a byte may not stand plain, or a percent sign begins no escape.
    private static func decoded(_ text: [UInt8], plain: Set<UInt8>) -> [UInt8]? {
        var value: [UInt8] = []
        var rest = text[...]
        while let byte = rest.popFirst() {
            if byte == 37 {
                let digits = rest.prefix(2)
                guard digits.count == 2, digits.allSatisfy({ "0123456789abcdefABCDEF".utf8.contains($0) }),
                    let escaped = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
                else { return nil }
                value.append(escaped)
                rest = rest.dropFirst(2)
            } else {
                guard plain.contains(byte) else { return nil }
                value.append(byte)
            }
        }
        return value
    }

    private static func encode(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte -> [UInt8] in
            if inSegment.contains(byte) { return [byte] }
            let digits = String(byte, radix: 16, uppercase: true)
            return Array(("%" + (digits.count == 1 ? "0" : "") + digits).utf8)
        }
    }
}
