// Unsafe code: bytes copied out of a field.
import Shared

/// What `Cache-Control` says of keeping a response (RFC 9111 section 5.2.2), as far as a verdict needs it.
struct CacheControl {
    private var isForbidden = false
    private var age: Int?

    /// Seconds for which the response may be kept; 0 where nothing says so, or `no-store` or `no-cache` forbids it.
    var maxAge: Int { isForbidden ? 0 : age ?? 0 }

    /// Reads one field line's value. Of several ages the smallest counts.
    mutating func read(_ value: RawSpan) {
        let text = String(decoding: unsafe value.withUnsafeBytes { unsafe Array($0) }, as: UTF8.self).lowercased()
        for part in text.split(separator: ",") {
            let directive = part.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined()
            if directive == "no-store" || directive == "no-cache" { isForbidden = true }
            guard directive.hasPrefix("max-age=") else { continue }
            // One that cannot be read is none: better asked again than kept too long.
            age = min(Int(directive.dropFirst(8)).map { max(0, $0) } ?? 0, age ?? .max)
        }
    }
}
