// Unsafe code: an array's bytes as a span.
import Shared

/// The way of one request through the gate, in words.
struct Explanation {
    /// The lines: a name and what is so.
    private(set) var lines: [(name: String, value: String)] = []
    /// Whether a service would get the request (with a good token, where one is needed).
    private(set) var isServed = false
    private let cookies: TokenCookieNames?

    init(_ request: ExplainArguments, in configuration: GatewayConfiguration) {
        cookies = configuration.main.tokenCookies
        explain(request, in: configuration)
    }

    private mutating func explain(_ request: ExplainArguments, in configuration: GatewayConfiguration) {
        add("request", "\(request.method) \(request.target)")
        let method = Method(name: request.method) ?? .other
        guard method != .connect else {
            return add("answer", "400 \(Status.message(400)): the gateway is no tunnel")
        }
        let path: CanonicalPath
        do throws(PathError) {
            path = try CanonicalPath(request.target.utf8)
        } catch {
            return add("answer", "400 \(Status.message(400)): \(error.reason)")
        }
        if path.hasTrailingSlash {
            let target = String(decoding: path.canonical.dropLast(), as: UTF8.self)
            return add("answer", "308 to \(target), the path without the slash at its end")
        }
        let folder = explainHost(request, configuration)
        let tree = configuration.routes(for: request.authority).tree
        var captures = RouteCaptures()
        guard let match = tree.match(path, captures: &captures) else {
            return add("answer", "404 \(Status.message(404)): no file in \(folder) has this path")
        }
        let route = tree.routes[match]
        let rule = route.value
        add("route", route.pattern.description)
        add("file", route.source)
        for entry in captures.entries where entry.count > 0 {
            let values = entry.segments.map { path.string($0) }.joined(separator: ", ")
            add("parameter", "\(tree.parameterNames[entry.name]) = \(values)")
        }
        guard rule.allows(method) else {
            return add("answer", "405 \(Status.message(405)), Allow: \(rule.allow)")
        }
        if path.hasEncodedSlash, rule.path?.hasLonePeriods == true {
            return add("answer", "400 \(Status.message(400)): with `path` \(PathError.dotSegment.reason)")
        }
        explainToken(rule, configuration)
        for rate in rule.rates { add("rate", rate.text) }
        if rule.cors != nil { add("preflight", "answered here, without a token") }
        if let answer = rule.answer {
            let query = path.query.map { Array(Array(request.target.utf8)[$0]) }
            explainAnswer(answer, path, captures, query)
            return explainSettings(rule)
        }
        explainService(request, rule, path, captures, configuration.services[rule.service])
        explainSettings(rule)
        isServed = true
    }

    /// Says which host's routes are looked at, where hosts have routes of their own; returns their folder.
    private mutating func explainHost(_ request: ExplainArguments, _ configuration: GatewayConfiguration) -> String {
        guard let hosts = configuration.hosts else { return "routes/" }
        guard let index = configuration.routes(for: request.authority).host else {
            add("host", "\(request.authority ?? "(none)"), which has no routes of its own")
            return "routes/"
        }
        let name = hosts.hosts[index].name
        add("host", name)
        return "hosts/\(name)/routes/"
    }

    /// Target and query as the service gets them.
    private func target(
        _ request: ExplainArguments, _ rule: RouteRule, _ path: CanonicalPath, _ captures: RouteCaptures
    ) -> String {
        var sent: [UInt8] = []
        rule.appendPath(for: path, captures, to: &sent)
        let target = Array(request.target.utf8)
        if let query = rule.query {
            var scratch: [UInt8] = []
            let own = path.query ?? 0..<0
            query.write(unsafe target.span.bytes, own, path, captures, to: &sent, scratch: &scratch)
        } else if let query = path.query {
            sent += [UInt8(ascii: "?")] + target[query]
        }
        return String(decoding: sent, as: UTF8.self)
    }

    /// Everything that holds for the route, with the file and line that say so.
    private mutating func explainSettings(_ rule: RouteRule) {
        for (place, setting) in rule.settings.enumerated() {
            let origin = setting.place.map { "\($0.file)\($0.line.map { ":\($0)" } ?? "")" } ?? "default"
            add(place == 0 ? "settings" : "", "\(setting.key): \(setting.value) (\(origin))")
        }
    }

    private mutating func explainToken(_ rule: RouteRule, _ configuration: GatewayConfiguration) {
        let place = cookies.map { ", in Authorization or else in a cookie \($0.texts.joined(separator: ", "))" } ?? ""
        switch rule.authentication {
        case .none: add("token", "not looked at")
        case .optional: add("token", "judged if one is shown\(place)")
        case .required: add("token", "required: 401 without one, or with one that is refused\(place)")
        }
        if let requirement = rule.requirement {
            if !requirement.claims.isEmpty { add("claims", "\(requirement.claimsText), or 403") }
            if !requirement.scopes.isEmpty {
                add("scopes", "\(requirement.scopes.joined(separator: " ")), or 403")
            }
        }
        if rule.authentication != .none, let verify = configuration.main.verify { add("verdict", "asked of \(verify)") }
    }

    private mutating func explainAnswer(
        _ answer: LocalAnswer, _ path: CanonicalPath, _ captures: RouteCaptures, _ query: [UInt8]?
    ) {
        switch answer {
        case .redirect(let rule):
            add("answer", "\(rule.status) to \(rule.location(path, captures, query: query))")
        case .fixed(let fixed):
            add("answer", "\(fixed.status), \(fixed.body.count) bytes of the route's own")
        }
        isServed = true
    }

    private mutating func explainService(
        _ request: ExplainArguments, _ rule: RouteRule, _ path: CanonicalPath, _ captures: RouteCaptures,
        _ service: ServiceConfiguration
    ) {
        let target = target(request, rule, path, captures)
        add("service", "\(service.name) (\(service.file))")
        for (place, source) in service.instances.enumerated() {
            let weight = place < service.weights.count ? service.weights[place] : 1
            add(service.url == nil ? "instances" : "url", "\(source)" + (weight == 1 ? "" : ", weight \(weight)"))
        }
        if service.balance != BalanceConfiguration() { add("balance", service.balanceText) }
        if let health = service.health { add("health", health.text) }
        let sent = service.rule()
        add("sent", "\(request.method) \(String(decoding: sent.basePath, as: UTF8.self))\(target) HTTP/1.1")
        add("", "Host: \(service.url?.authority ?? request.authority ?? "(the client's)")")
        explainForwarding(sent, judges: rule.authentication != .none)
        for line in rule.requestFields?.text(path, captures) ?? [] { add("", line) }
        add("dropped", "Postern-*, X-Forwarded-*, Forwarded, X-Real-IP, names with _, and what Connection names")
        if sent.isForeign { add("", "Origin and Referer, which tell of the client's own page") }
        if rule.authentication != .none { add("", "Authorization, once it was judged") }
        if rule.authentication != .none, let cookies {
            add("", "the cookies \(cookies.texts.joined(separator: ", "))")
        }
        if let names = rule.requestFields?.names { add("", "the client's own \(names.joined(separator: ", "))") }
        guard let answer = rule.responseFields else { return }
        add("answered", "without the service's own \(answer.names.joined(separator: ", "))")
        for line in answer.text(path, captures) { add("", line) }
    }

    private mutating func explainForwarding(_ service: ServiceRule, judges: Bool) {
        if service.needsToken { add("", "Authorization (a token that the gateway gets for itself)") }
        switch service.forwarding {
        case .xForwarded:
            add("", "X-Forwarded-For, X-Forwarded-Proto, X-Forwarded-Host, X-Request-Id (the gateway's own)")
        case .forwarded: add("", "Forwarded, X-Request-Id (the gateway's own)")
        case .none: break
        }
        if service.tellsDeadline { add("", "Postern-Deadline (milliseconds until its answer is of no use)") }
        if judges && service.tellsIdentity { add("", "Postern-User, Postern-Claims (of a good token, in its place)") }
    }

    private mutating func add(_ name: String, _ value: String) {
        lines.append((name, value))
    }

    /// A line a fact, the names in a column.
    var text: String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { line in
            line.name + String(repeating: " ", count: width - line.name.count + 2) + line.value + "\n"
        }.joined()
    }
}

extension InstanceSource: CustomStringConvertible {
    var description: String {
        switch self {
        case .fixed(let address): "\(address)"
        case .endpoint(let endpoint):
            name == nil
                ? "\(endpoint.url)"
                : "\(endpoint.url) (its addresses\(endpoint.allowsPrivate ? "" : ", none of them private"))"
        case .folder(let folder, let prefix, let suffix): "unix:\(folder)/\(prefix)*\(suffix) (every socket there)"
        }
    }
}
