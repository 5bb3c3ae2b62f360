import Shared

/// `cors:` of a route file: which pages of other origins may read its answers.
///
/// - `origins`: `https://app.example`, `https://*.example.org` (one name or more in the star's place), `null`, or `"*"`
///   for all (required).
/// - `methods`: what pages may send; all that the route takes.
/// - `headers`: fields that pages may send; `Content-Type`, and `Authorization` where the route has `auth`. `"*"` for all.
/// - `expose`: fields that pages may read besides those that they always may.
/// - `credentials`: whether cookies and the like are sent (false).
/// - `max_age`: how long a browser may keep the answer to its question, up to 1d; nothing is said without it.
struct CORSConfiguration {
    let origins: OriginSet
    let methods: [Method]?
    /// Nil where the file says nothing; empty for all.
    let headers: [String]?
    let takesAllHeaders: Bool
    let expose: [String]
    let credentials: Bool
    let maxAge: Int?

    static func read(_ reader: LayeredReader) -> CORSConfiguration? {
        let origins = reader.optional("origins", .list(of: .origin))
        if !reader.has("origins") {
            reader.report(
                "origins", "`cors.origins` is missing", mend: "Add it, for example: `origins: [https://app.example]`.")
        }
        let methods = reader.optional("methods", .list(of: .method))
        let headers = reader.optional("headers", .list(of: .fieldNameOrAll))
        let expose = reader.optional("expose", .list(of: .fieldNameOrAll)) ?? []
        let credentials = reader.optional("credentials", .bool) ?? false
        let age = reader.optional("max_age", .duration(in: .seconds(0) ... .seconds(86400)))
        var set = OriginSet()
        for origin in origins ?? [] { _ = set.insert(origin) }
        if set.isAny && (origins?.count ?? 0) > 1 {
            reader.report(
                "origins", "`*` stands for every origin, so the others say nothing", mend: "Keep `\"*\"` alone.")
        }
        if credentials && set.isAny {
            reader.report(
                "credentials", "`credentials` and an origin `*` would let every page act in its reader's name",
                mend: "Name the origins, or take `credentials` out.")
        }
        if credentials && expose.contains("*") {
            reader.report(
                "expose", "with `credentials` browsers take `*` for a field of that name", mend: "Name the fields.")
        }
        guard origins != nil else { return nil }
        return CORSConfiguration(
            origins: set, methods: methods, headers: headers?.filter { $0 != "*" },
            takesAllHeaders: headers?.contains("*") ?? false, expose: expose, credentials: credentials,
            maxAge: age.map { Int($0.components.seconds) })
    }

    /// - Parameters:
    ///   - allowed: the methods that the route takes.
    ///   - hasAuthentication: the route looks at tokens.
    func rule(allowed: [Method], hasAuthentication: Bool) -> CORSRule {
        // No page can send these (Fetch, forbidden methods), and a preflight is for the gate itself.
        let sendable = allowed.filter { $0 != .connect && $0 != .trace && $0 != .other }
        let standard = ["Content-Type"] + (hasAuthentication ? ["Authorization"] : [])
        return CORSRule(
            origins: origins, methods: methods.map { named in sendable.filter(named.contains) } ?? sendable,
            headers: takesAllHeaders ? nil : headers ?? standard, expose: expose, allowsCredentials: credentials,
            maxAge: maxAge)
    }
}

extension ValueForm where Value == String {
    fileprivate static var origin: ValueForm {
        text(
            expected: "an origin",
            mend: "Write it as browsers do, in lower case and without a path: https://app.example, "
                + "https://*.example.org, http://localhost:5173, null, or \"*\" for all."
        ) { text in
            var set = OriginSet()
            return set.insert(text) ? text : nil
        }
    }

    fileprivate static var fieldNameOrAll: ValueForm {
        text(expected: "a field's name, or \"*\"") { text in
            !text.isEmpty && text.utf8.allSatisfy(FieldText.isToken) ? text : nil
        }
    }
}
