import Shared

/// Reads the auth service's answer: 200 with the fields of identity, 4xx with what the client is to be told, anything
/// else is no verdict.
enum VerdictAnswer {
    /// No verdict is used longer, whatever the auth service says (seconds).
    static let ageLimit = 300

    static func read(_ head: ResponseHead, _ bytes: RawSpan, credentials: [UInt8], now: UInt64) -> Verdict? {
        guard head.status == 200 || (400..<500).contains(head.status) else { return nil }
        var fields: [UInt8] = []
        var age = 0
        for line in head.fields.lines {
            switch line.name {
            case .postern where head.status == 200: append(line, bytes, to: &fields)
            case .wwwAuthenticate where head.status != 200: append(line, bytes, to: &fields)
            case .retryAfter where head.status != 200: append(line, bytes, to: &fields)
            case .cacheControl: age = maxAge(bytes, line.valueRange) ?? 0
            default: break
            }
        }
        return Verdict(
            credentials: credentials, status: head.status, fields: fields,
            deadline: now + UInt64(min(age, ageLimit)) * 1_000_000_000)
    }

    private static func append(_ line: FieldLine, _ bytes: RawSpan, to fields: inout [UInt8]) {
        for index in line.nameRange { fields.append(byte(bytes, index)) }
        fields += [58, 32]
        for index in line.valueRange { fields.append(byte(bytes, index)) }
        fields += [13, 10]
    }

    private static func byte(_ bytes: RawSpan, _ index: Int) -> UInt8 {
        unsafe bytes.unsafeLoad(fromByteOffset: index, as: UInt8.self)
    }

    /// `max-age` of Cache-Control in seconds (RFC 9111 section 5.2.2.1); nil without one, or where `no-store` or
    /// `no-cache` forbids to keep the answer.
    static func maxAge(_ bytes: RawSpan, _ value: Range<Int>) -> Int? {
        let text = String(decoding: value.map { byte(bytes, $0) }, as: UTF8.self).lowercased()
        var age: Int?
        for part in text.split(separator: ",") {
            let directive = part.split(separator: " ").joined()
            if directive == "no-store" || directive == "no-cache" { return nil }
            if directive.hasPrefix("max-age="), let seconds = Int(directive.dropFirst(8)), seconds >= 0 {
                age = seconds
            }
        }
        return age
    }
}
