/// What `Cache-Control` of an answer says of its lifetime (RFC 9111 section 5.2.2).
enum CacheLifetime {
    /// Seconds of `max-age`; 0 where nobody may keep the answer (RFC 9111 section 5.2.2). Nil where neither is said.
    static func seconds(_ value: String) -> Int64? {
        var seconds: Int64?
        for part in value.split(separator: ",") {
            let directive = part.drop { $0 == " " || $0 == "\t" }.lowercased()
            if directive.hasPrefix("no-store") || directive.hasPrefix("no-cache") { return 0 }
            guard directive.hasPrefix("max-age="), seconds == nil else { continue }
            seconds = Int64(directive.dropFirst(8).prefix { $0.isASCII && $0.isNumber })
        }
        return seconds.map { max(0, $0) }
    }
}
