// Unsafe code: bytes copied out of a response's head.
import Shared

/// Reads the auth service's answer: 200 with the fields of identity, 4xx with what the client is to be told, anything
/// else is no verdict.
enum VerdictAnswer {
    /// No verdict is used longer, whatever the auth service says (seconds).
    static let ageLimit = 300

    /// - Parameters:
    ///   - now: on the loop's clock.
    ///   - time: the same moment in milliseconds since 1970.
    ///   - question: what was asked, and when.
    static func read(
        _ head: ResponseHead, _ bytes: RawSpan, to question: AskedToken, now: UInt64, time: Int64
    ) -> Verdict? {
        guard head.status == 200 || (400..<500).contains(head.status) else { return nil }
        var fields: [UInt8] = []
        var cacheControl = CacheControl()
        var expiry = LoopTimer.never
        for line in head.fields.lines {
            switch line.name {
            case .postern where head.status == 200:
                guard TokenExpiry.isNamed(bytes.extracting(line.nameRange)) else {
                    append(line, bytes, to: &fields)
                    continue
                }
                // An end that cannot be read is no verdict: it would else be one without an end.
                guard let seconds = TokenExpiry.read(bytes.extracting(line.valueRange)) else { return nil }
                expiry = min(expiry, TokenExpiry.moment(seconds, now: now, time: time))
            case .wwwAuthenticate where head.status != 200: append(line, bytes, to: &fields)
            case .retryAfter where head.status != 200: append(line, bytes, to: &fields)
            case .cacheControl: cacheControl.read(bytes.extracting(line.valueRange))
            default: break
            }
        }
        return Verdict(
            credentials: question.token.bytes, place: question.token.place, status: head.status, fields: fields,
            deadline: min(expiry, now + UInt64(min(cacheControl.maxAge, ageLimit)) * 1_000_000_000), expiry: expiry,
            askedAt: question.at, epoch: question.epoch)
    }

    /// The seconds that `Retry-After` of an answer without a verdict says (RFC 9110 section 10.2.3): whole ones, up to an
    /// hour. Nil without them.
    static func retryAfter(_ head: ResponseHead, _ bytes: RawSpan) -> Int? {
        for line in head.fields.lines where line.name == .retryAfter {
            let range = line.valueRange
            let text = String(
                decoding: unsafe bytes.extracting(range).withUnsafeBytes { unsafe Array($0) }, as: UTF8.self)
            guard range.count <= 4, text.utf8.allSatisfy({ (48...57).contains($0) }), let seconds = Int(text) else {
                return nil
            }
            return min(seconds, 3600)
        }
        return nil
    }

    private static func append(_ line: FieldLine, _ bytes: RawSpan, to fields: inout [UInt8]) {
        unsafe bytes.extracting(line.nameRange).withUnsafeBytes { unsafe fields.append(contentsOf: $0) }
        fields += Array(": ".utf8)
        unsafe bytes.extracting(line.valueRange).withUnsafeBytes { unsafe fields.append(contentsOf: $0) }
        fields += Array("\r\n".utf8)
    }
}
