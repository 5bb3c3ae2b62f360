import Shared

/// `claims:` and `scopes:` of a route file: what a token has to have beyond being good.
///
/// ```yaml
/// auth: required
/// claims: {role: [admin, editor], realm_access: {roles: staff}, "https://app.example/plan": pro}
/// scopes: [posts.read, posts.write]
/// ```
///
/// A claim is one of the values that are written, or a list with one of them; a mapping stands for an object. All claims
/// and all scopes are needed. The nearest file that has the key says all of it; `{}` and `[]` ask for nothing.
struct RequirementConfiguration {
    let claims: [ClaimRequirement.Member]
    let scopes: [String]

    init(_ reader: LayeredReader) {
        claims = reader.optional("claims", .node).flatMap(Self.members) ?? []
        scopes = reader.optional("scopes", .list(of: .scope, minimum: 0)) ?? []
    }

    /// Nil where nothing is asked.
    var requirement: TokenRequirement? { TokenRequirement(claims: claims, scopes: scopes) }

    /// - Parameter isRoute: false for a `_defaults.yaml` by itself, to which a route may add what is missing.
    func check(_ reader: LayeredReader, _ authentication: RouteRule.Authentication, isRoute: Bool) {
        guard isRoute, authentication != .required else { return }
        for (key, isAsked, none) in [("claims", !claims.isEmpty, "{}"), ("scopes", !scopes.isEmpty, "[]")]
        where isAsked {
            reader.report(
                key, "`\(key)` asks something of a token, and the route \(Self.reason(authentication))",
                mend: "Write `auth: required`, or `\(key): \(none)` to ask for nothing.")
        }
    }

    private static func reason(_ authentication: RouteRule.Authentication) -> String {
        authentication == .optional ? "takes requests without one (`auth: optional`)" : "looks at none"
    }

    private static func members(_ node: ConfigurationNode) -> [ClaimRequirement.Member]? {
        guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
        return reader.keys.compactMap { name in
            reader.optional(name, .node).flatMap(requirement).map { (name, $0) }
        }
    }

    private static func requirement(_ node: ConfigurationNode) -> ClaimRequirement? {
        guard node.isMapping else { return node.read(as: .list(of: .claimValue)).map { .any($0) } }
        guard let members = members(node) else { return nil }
        guard !members.isEmpty else {
            node.report("`\(node.name)` asks for nothing", mend: "Name a member and its value, or take it out.")
            return nil
        }
        return .members(members)
    }
}

extension ValueForm where Value == StrictJSONValue {
    /// A text, a number, `true` or `false`, as JSON has them; what is in quotes is a text.
    fileprivate static var claimValue: ValueForm {
        ValueForm { node in
            if !node.isMapping, !node.isList, !node.isEmpty, let json = node.read(as: .json),
                let value = try? StrictJSON.parse(json)
            {
                return value
            }
            node.reportMismatch(
                expected: "a text, a number, true or false",
                mend: "Write a value, or a list of values of which one is enough.")
            return nil
        }
    }
}

extension ValueForm where Value == String {
    fileprivate static var scope: ValueForm {
        text(expected: "a scope", mend: "A scope is visible ASCII without blanks, quotes and backslashes.") { text in
            TokenScopes.isScope(text) ? text : nil
        }
    }
}
