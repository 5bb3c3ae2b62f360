/// A request that the audit sends.
struct AuditRequest: Sendable, Equatable {
    var method: String
    /// In origin form.
    var target: String
    /// What `Host` says; nil for the gateway's own address.
    var host: String?
    /// Whole lines without their ends.
    var fields: [String] = []
    var body: [UInt8] = []

    /// Whether it asks for nothing to be changed (RFC 9110 section 9.2.1).
    var isSafe: Bool { ["GET", "HEAD", "OPTIONS", "TRACE"].contains(method) }

    /// Reads `METHOD URL`, with or without a version behind it; nil where the line is none.
    init?(line: Substring) {
        let words = line.split(separator: " ", omittingEmptySubsequences: true)
        guard words.count == 2 || words.count == 3 && words[2].hasPrefix("HTTP/"), let method = words.first,
            !method.isEmpty, method.utf8.allSatisfy({ (65...90).contains($0) || $0 == UInt8(ascii: "-") })
        else { return nil }
        self.init(method: String(method), url: String(words[1]))
    }

    /// - Parameter url: a path, or a whole URL whose host is told as `Host`; nil for anything else.
    init?(method: String, url: String) {
        guard url.utf8.allSatisfy({ $0 > 32 && $0 < 127 }), !method.isEmpty else { return nil }
        self.method = method
        var target = url
        for scheme in ["http://", "https://"] where url.lowercased().hasPrefix(scheme) {
            let rest = url.dropFirst(scheme.count)
            let end = rest.firstIndex { "/?#".contains($0) } ?? rest.endIndex
            guard end > rest.startIndex else { return nil }
            host = String(rest[..<end])
            target = rest[end...].hasPrefix("/") ? String(rest[end...]) : "/" + rest[end...]
        }
        guard target.hasPrefix("/") else { return nil }
        self.target = target.firstIndex(of: "#").map { String(target[..<$0]) } ?? target
    }
}

/// The forms in which requests are written down.
enum AuditRequestFile {
    /// Lines of `METHOD URL`; each may be followed by field lines, an empty line and a body, which `###` ends or the next
    /// request. Lines that begin with `#` or `//` are remarks.
    /// - Returns: the requests, and the numbers of the lines that are neither.
    static func requests(_ text: String) -> (requests: [AuditRequest], unread: [Int]) {
        var requests: [AuditRequest] = []
        var unread: [Int] = []
        var bodyLines: [Substring] = []
        var (isInHead, isInBody) = (false, false)
        func endBody() {
            while bodyLines.last?.isEmpty == true { bodyLines.removeLast() }
            if !bodyLines.isEmpty, !requests.isEmpty {
                requests[requests.count - 1].body = Array(bodyLines.joined(separator: "\n").utf8)
            }
            bodyLines = []
        }
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            if line.hasPrefix("###") {
                endBody()
                (isInHead, isInBody) = (false, false)
            } else if let request = AuditRequest(line: line) {
                endBody()
                requests.append(request)
                (isInHead, isInBody) = (true, false)
            } else if isInBody {
                bodyLines.append(line)
            } else if line.isEmpty {
                if isInHead { (isInHead, isInBody) = (false, true) }
            } else if line.hasPrefix("#") || line.hasPrefix("//") {
                continue
            } else if isInHead, let colon = line.firstIndex(of: ":"), colon != line.startIndex {
                if line[..<colon].lowercased() == "host" {
                    requests[requests.count - 1].host = String(line[line.index(after: colon)...].drop { $0 == " " })
                } else {
                    requests[requests.count - 1].fields.append(String(line))
                }
            } else {
                unread.append(number + 1)
            }
        }
        endBody()
        return (requests, unread)
    }

    /// The request lines of an access log in Common or Combined Log Format, each once.
    static func requests(log text: String) -> (requests: [AuditRequest], unread: [Int]) {
        var seen: Set<String> = []
        var requests: [AuditRequest] = []
        var unread: [Int] = []
        for (number, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            guard !line.isEmpty else { continue }
            let parts = line.split(separator: "\"", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count > 2, let request = AuditRequest(line: parts[1]) else {
                unread.append(number + 1)
                continue
            }
            if seen.insert("\(request.method) \(request.target)").inserted { requests.append(request) }
        }
        return (requests, unread)
    }
}
