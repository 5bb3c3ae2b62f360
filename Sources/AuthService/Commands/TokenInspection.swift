import FoundationEssentials
import Shared

/// All that can be said of a token, in words for the operator. What cannot be read is left out of the report.
struct TokenInspection {
    /// Why the token is refused now; nil for a good one, and where nobody can say.
    let refusal: TokenError?
    /// The keys of its issuer are not to be had.
    let isUnknown: Bool
    /// Lines of text.
    let report: String

    private static let times = ["iat", "nbf", "exp", "auth_time"]

    private static let unknown = "nobody can say: the issuer's keys are not to be had, or have no such key yet"

    /// - Parameter judge: with the keys of issuers, as far as they are to be had.
    init(_ token: [UInt8], judge: TokenJudge, now: Int64) {
        // People copy what stands in the header field.
        let text = token.starts(with: "Bearer ".utf8) ? token.dropFirst(7) : token[...]
        let token = text.drop(while: Self.isSpace)
        let bare = token.prefix { !Self.isSpace($0) }
        var lines: [String] = []
        if let parts = try? CompactSerialization(bare) {
            if let header = Base64URL.decode(parts.header), (try? StrictJSON.parseObject(header)) != nil {
                lines.append("header     \(Self.line(header))")
            }
            if let claims = try? TokenVerifier.claims(parts.payload), let payload = Base64URL.decode(parts.payload) {
                lines.append("claims     \(Self.line(payload))")
                lines += Self.times.compactMap { Self.time($0, in: claims, now: now) }
                if !judge.issuers.isEmpty { lines.append("judged by  \(Self.judgeName(judge, claims))") }
            }
            lines.append("signature  \(Self.words(judge.judgeSignature(parts, now: now)))")
        }
        let verdict = judge.judge(bare, from: nil, now: now)
        if case .refused(let error) = verdict { refusal = error } else { refusal = nil }
        if case .unknown = verdict { isUnknown = true } else { isUnknown = false }
        let isGood = refusal == nil && !isUnknown
        lines.append("verdict    \(isGood ? "good" : isUnknown ? Self.unknown : Self.words(refusal))")
        report = lines.joined(separator: "\n") + "\n"
    }

    private static func words(_ signature: TokenJudge.SignatureVerdict) -> String {
        switch signature {
        case .good: "good"
        case .refused(let error): words(error)
        case .unknown: unknown
        }
    }

    private static func words(_ refusal: TokenError?) -> String { refusal.map { "refused: \($0)" } ?? "good" }

    /// Whose keys count: those of the issuer that the token names, where it is one, else ours.
    private static func judgeName(_ judge: TokenJudge, _ claims: StrictJSONObject) -> String {
        do throws(TokenError) {
            guard let issuer = try judge.issuer(of: claims) else { return "this service's own keys" }
            return "the keys of \(LogText.escaped(issuer.rules.name, limit: 200)) (\(issuer.place))"
        } catch {
            return "nobody: \(error)"
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
