import FoundationEssentials
import Shared

/// All that can be said of a token, in words for the operator. What cannot be read is left out of the report.
struct TokenInspection {
    /// Why the token is refused now; nil for a good one.
    let refusal: TokenError?
    /// Lines of text.
    let report: String

    private static let times = ["iat", "nbf", "exp", "auth_time"]

    init(_ token: [UInt8], verifier: TokenVerifier, now: Int64) {
        // People copy what stands in the header field.
        let text = token.starts(with: "Bearer ".utf8) ? token.dropFirst(7) : token[...]
        let token = text.drop(while: Self.isSpace)
        let bare = token.prefix { !Self.isSpace($0) }
        var lines: [String] = []
        var signature: TokenError?
        if let parts = try? CompactSerialization(bare) {
            if let header = Base64URL.decode(parts.header), (try? StrictJSON.parseObject(header)) != nil {
                lines.append("header     \(Self.line(header))")
            }
            if let claims = try? TokenVerifier.claims(parts.payload), let payload = Base64URL.decode(parts.payload) {
                lines.append("claims     \(Self.line(payload))")
                lines += Self.times.compactMap { Self.time($0, in: claims, now: now) }
            }
            signature = Self.refusal { () throws(TokenError) in try verifier.verifySignature(parts, now: now) }
            lines.append("signature  \(signature.map { "refused: \($0)" } ?? "good")")
        }
        refusal = Self.refusal { () throws(TokenError) in _ = try verifier.verify(bare, now: now) }
        lines.append("verdict    \(refusal.map { "refused: \($0)" } ?? "good")")
        report = lines.joined(separator: "\n") + "\n"
    }

    private static func refusal(_ check: () throws(TokenError) -> Void) -> TokenError? {
        do throws(TokenError) {
            try check()
            return nil
        } catch {
            return error
        }
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }

    /// A part of the token on one line; a terminal must not obey what is in it.
    private static func line(_ json: [UInt8]) -> String {
        LogText.escaped(String(decoding: json, as: UTF8.self), limit: CompactSerialization.longest)
    }

    /// `exp        2022-11-23T06:57:58Z, 3 hours ago`; nil when the claim is no time.
    private static func time(_ name: String, in claims: StrictJSONObject, now: Int64) -> String? {
        guard let seconds = try? NumericDate.read(name, in: claims) else { return nil }
        let label = name + String(repeating: " ", count: max(1, 11 - name.utf8.count))
        // The last second of the year 9999; a time in milliseconds lies far beyond.
        guard seconds < 253_402_300_800 else { return label + "after the year 9999" }
        let date = Date(timeIntervalSince1970: seconds).formatted(.iso8601)
        return "\(label)\(date), \(distance(Int64(seconds) - now))"
    }

    /// `in 2 hours`, `3 days ago`, in the largest unit that fits.
    private static func distance(_ seconds: Int64) -> String {
        let units: [(String, Int64)] = [("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1)]
        guard let (name, length) = units.first(where: { seconds.magnitude >= $0.1.magnitude }) else { return "now" }
        let count = seconds.magnitude / length.magnitude
        let amount = "\(count) \(name)\(count == 1 ? "" : "s")"
        return seconds < 0 ? "\(amount) ago" : "in \(amount)"
    }
}
