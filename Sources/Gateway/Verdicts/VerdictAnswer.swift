// Unsafe code: bytes copied out of a response's head.
import Shared

/// Reads the auth service's answer: 200 with the fields of identity, 4xx with what the client is to be told, anything
/// else is no verdict.
enum VerdictAnswer {
    /// No verdict is used longer, whatever the auth service says (seconds).
    static let ageLimit = 300

    /// - Parameter now: on the loop's clock.
    static func read(_ head: ResponseHead, _ bytes: RawSpan, credentials: [UInt8], now: UInt64) -> Verdict? {
        guard head.status == 200 || (400..<500).contains(head.status) else { return nil }
        var fields: [UInt8] = []
        var cacheControl = CacheControl()
        for line in head.fields.lines {
            switch line.name {
            case .postern where head.status == 200: append(line, bytes, to: &fields)
            case .wwwAuthenticate where head.status != 200: append(line, bytes, to: &fields)
            case .retryAfter where head.status != 200: append(line, bytes, to: &fields)
            case .cacheControl: cacheControl.read(bytes.extracting(line.valueRange))
            default: break
            }
        }
        return Verdict(
            credentials: credentials, status: head.status, fields: fields,
            deadline: now + UInt64(min(cacheControl.maxAge, ageLimit)) * 1_000_000_000)
    }

    private static func append(_ line: FieldLine, _ bytes: RawSpan, to fields: inout [UInt8]) {
        unsafe bytes.extracting(line.nameRange).withUnsafeBytes { unsafe fields.append(contentsOf: $0) }
        fields += Array(": ".utf8)
        unsafe bytes.extracting(line.valueRange).withUnsafeBytes { unsafe fields.append(contentsOf: $0) }
        fields += Array("\r\n".utf8)
    }
}
