package import ArgumentParser

/// `METHOD URL` of `explain`: the request whose way is to be told.
package struct ExplainArguments: ParsableArguments, Sendable {
    @Argument(help: ArgumentHelp("The request's method, for example GET.", valueName: "method"))
    package var method: String

    @Argument(
        help: ArgumentHelp(
            "A path (/api/users/1) or a whole URL (http://127.0.0.1:3000/api/users/1).", valueName: "url"))
    package var url: String

    @Option(
        help: ArgumentHelp("The host that is asked, for a path (default: none, which is any).", valueName: "name"))
    package var host: String?

    package init() {}

    package func validate() throws {
        if let host, host.isEmpty || host.contains("/") {
            throw ValidationError("--host is a name, for example --host api.example.")
        }
        guard host == nil || authorityAndTarget == nil else {
            throw ValidationError("The URL names a host already. Leave --host out, or write the path alone.")
        }
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isTokenByte) else {
            throw ValidationError(
                "'\(method)' is no method (RFC 9110 section 9.1). Write for example: explain GET /api/users")
        }
        if method.utf8.contains(where: { (97...122).contains($0) }) {
            throw ValidationError("Methods are case-sensitive: write \(method.uppercased()) in place of \(method).")
        }
        guard url.hasPrefix("/") || authorityAndTarget != nil else {
            throw ValidationError("'\(url)' is neither a path that begins with / nor an http:// or https:// URL.")
        }
    }

    /// The request target in origin form (RFC 9112 section 3.2.1): path and query, the fragment left out.
    package var target: String {
        let whole = authorityAndTarget?.target ?? url
        return whole.firstIndex(of: "#").map { String(whole[..<$0]) } ?? whole
    }

    /// Host and port of a whole URL, else `--host`; nil when only a path was given.
    package var authority: String? { authorityAndTarget?.authority ?? host }

    private var authorityAndTarget: (authority: String, target: String)? {
        guard let scheme = ["http://", "https://"].first(where: { url.lowercased().hasPrefix($0) }) else { return nil }
        let rest = url.dropFirst(scheme.count)
        let end = rest.firstIndex(where: { "/?#".contains($0) }) ?? rest.endIndex
        guard end > rest.startIndex else { return nil }
        let target = String(rest[end...])
        return (String(rest[..<end]), target.hasPrefix("/") ? target : "/" + target)
    }

    /// tchar of RFC 9110 section 5.6.2.
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
