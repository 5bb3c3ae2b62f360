import Shared

/// `redirect:` of a route file: where its requests are sent. In short the place alone, or
///
/// - `to`: a path (`/new/{id}`) or an absolute URL (`https://www.example/new/{path...}`), with parameters of the file's
///   name in its path alone, and perhaps a query.
/// - `status`: 301, 302, 303, 307 or 308 (308).
/// - `query`: `keep` (the request's own query goes on; default) or `drop`.
struct RedirectConfiguration {
    enum Query: String, CaseIterable { case keep, drop }

    let place: ConfigurationPlace
    let target: String
    let status: Int
    let query: Query

    static func read(_ node: ConfigurationNode) -> RedirectConfiguration? {
        guard node.isMapping else {
            guard let target = node.read(as: ValueForm<String>.nonEmptyString) else { return nil }
            return RedirectConfiguration(place: node.place, target: target, status: 308, query: .keep)
        }
        guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
        let target = reader.required("to", .nonEmptyString, example: "/new/{id}")
        let status = reader.value("status", .redirectStatus, default: 308)
        let query = reader.value("query", .word, default: Query.keep)
        return target.map {
            RedirectConfiguration(place: reader.place(of: "to"), target: $0, status: status, query: query)
        }
    }

    /// The rule for a route.
    func rule(_ resolution: TemplateResolution) throws(TemplateFault) -> RedirectRule {
        let (origin, rest) = try split()
        let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let query = parts.count > 1 ? "?" + parts[1] : ""
        guard query.utf8.allSatisfy({ $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "#") && $0 != UInt8(ascii: "{") })
        else {
            throw TemplateFault(
                message: "a query of its own is plain text, without parameters",
                mend: "Escape what is not ASCII, and write `query: keep` for the request's own.")
        }
        let text = try TemplateText(String(parts.first ?? ""))
        // Everybody reads where they are sent.
        if text.tokens.contains(where: { if case .credential = $0 { true } else { false } }) {
            throw TemplateFault(
                message: "a credential would be told to every client", mend: "Take {credential:…} out.")
        }
        let path = try PathTemplate(text, resolution)
        return RedirectRule(
            status: status, origin: Array(origin.utf8), path: path, query: Array(query.utf8),
            keepsQuery: self.query == .keep)
    }

    /// Scheme and host, and what follows.
    private func split() throws(TemplateFault) -> (origin: String, rest: String) {
        if target.hasPrefix("/") { return ("", target) }
        let match = target.wholeMatch(of: /(https?:\/\/(?:[A-Za-z0-9.-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?)(\/.*)/)
        guard let match else {
            throw TemplateFault(
                message: "'\(LogText.escaped(target, limit: 80))' is neither a path nor an absolute URL with one",
                mend: "Write for example `/new/{id}` or `https://www.example/new/{id}`; the host has no parameter.")
        }
        return (String(match.1), String(match.2))
    }
}

extension ValueForm where Value == Int {
    fileprivate static var redirectStatus: ValueForm {
        text(expected: "one of: 301, 302, 303, 307, 308") { text in
            Int(text).flatMap { [301, 302, 303, 307, 308].contains($0) && "\($0)" == text ? $0 : nil }
        }
    }
}
