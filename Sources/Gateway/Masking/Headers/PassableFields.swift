/// What passes of a service that is not ours, beside the fields that the gateway knows by itself: fields of the IANA's
/// registry that tell of an answer, and a few that everybody uses. All others may tell who stands behind it.
enum PassableFields {
    private static let names: [Int: [[UInt8]]] = Dictionary(
        grouping: [
            "accept-ch", "accept-patch", "accept-post", "accept-query", "accept-ranges",
            "access-control-allow-credentials",
            "access-control-allow-headers", "access-control-allow-methods", "access-control-allow-private-network",
            "access-control-expose-headers", "access-control-max-age", "age", "allow", "authentication-info",
            "clear-site-data", "content-digest", "content-disposition", "content-encoding", "content-language",
            "content-range", "content-type", "critical-ch", "cross-origin-embedder-policy",
            "cross-origin-embedder-policy-report-only", "cross-origin-opener-policy",
            "cross-origin-opener-policy-report-only", "cross-origin-resource-policy", "deprecation", "digest",
            "document-policy", "expires", "idempotency-key", "last-event-id", "last-modified", "no-vary-search",
            "observe-browsing-topics", "origin-agent-cluster", "permissions-policy", "pragma", "preference-applied",
            "priority", "ratelimit", "ratelimit-limit", "ratelimit-policy", "ratelimit-remaining", "ratelimit-reset",
            "referrer-policy", "repr-digest", "retry-after", "sec-websocket-accept", "sec-websocket-extensions",
            "sec-websocket-protocol", "sec-websocket-version", "service-worker-allowed", "signature",
            "signature-input", "speculation-rules", "strict-transport-security", "sunset", "supports-loading-mode",
            "timing-allow-origin", "tk", "vary", "want-content-digest", "want-repr-digest", "x-content-type-options",
            "x-dns-prefetch-control", "x-download-options", "x-frame-options", "x-permitted-cross-domain-policies",
            "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset", "x-robots-tag", "x-total-count",
            "x-ua-compatible", "x-xss-protection",
        ].map { Array($0.utf8) }, by: \.count)

    /// By the length of the name.
    private static let byLength: [[[UInt8]]] = (0...64).map { names[$0] ?? [] }

    static func contain(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        guard name.count < byLength.count else { return false }
        for known in byLength[name.count] {
            var isSame = true
            for offset in 0..<known.count {
                let byte = bytes.octet(name.lowerBound + offset)
                if (byte >= 65 && byte <= 90 ? byte | 32 : byte) != known[offset] {
                    isSame = false
                    break
                }
            }
            if isSame { return true }
        }
        return false
    }
}
