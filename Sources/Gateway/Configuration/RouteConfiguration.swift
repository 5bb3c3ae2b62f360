import Shared

/// What a file in `routes/` says, with the `_defaults.yaml` of its folder and of those above.
///
/// - `service`: the name of a file in `services/`; or in its place
/// - `redirect`: where clients are sent, see `RedirectConfiguration`; or
/// - `respond`: a fixed answer, see `RespondConfiguration`.
/// - `methods`: the methods that the route takes; all without it. Who may GET may HEAD.
///   A route that takes GET takes upgrades too (WebSocket): the service decides, by 101 or an ordinary answer.
/// - `auth`: `none` (default), `optional` or `required`: whether a token must be shown, and is judged.
/// - `claims`, `scopes`: what such a token has to have, see `RequirementConfiguration`.
/// - `path`: what the service is asked for, with parameters from the file's name (`/current/{city}`, `/files/{path...}`);
///   the request's own path without it. Not in `_defaults.yaml`.
/// - `query`: see `QueryConfiguration`.
/// - `headers`, `basic`: see `HeadersConfiguration`.
/// - `timeout`: for the service to begin its answer, and between its pieces; else its own `timeouts: first_byte` (30s).
/// - `body_limit`: of a request's body (1MiB).
/// - `mask`: see `MaskConfiguration`; goes before what the service says, key by key.
/// - `rate`: how many requests are taken in a time (`100/s per client`), or a list; see `RateText`.
/// - `cors`: pages of other origins that may read the answers, see `CORSConfiguration`.
struct RouteConfiguration {
    /// The route's file, as a person names it.
    let file: String
    let service: Int?
    let methods: [Method]?
    let authentication: RouteRule.Authentication
    let requirement: RequirementConfiguration
    let path: TemplateText?
    let query: QueryConfiguration
    let headers: HeadersConfiguration
    /// Nanoseconds.
    let timeout: UInt64
    let bodyLimit: Int
    let mask: MaskConfiguration
    let policy: RoutePolicy
    private let reader: LayeredReader
    private let context: RouteContext

    /// - Parameters:
    ///   - reader: the route's own file first; a `_defaults.yaml` alone to look at it for itself.
    ///   - file: the first of its files.
    ///   - isRoute: the first file is a route's own.
    init(_ reader: LayeredReader, file: String, isRoute: Bool = true, _ context: RouteContext) {
        self.reader = reader
        self.context = context
        self.file = file
        policy = RoutePolicy(reader)
        service = policy.isLocal ? nil : Self.service(reader, isRequired: isRoute, file, context)
        methods = reader.optional("methods", .list(of: .method))
        if methods == nil, !reader.has("methods") { reader.settings.record("methods", "all", nil) }
        authentication = reader.value("auth", .word, default: RouteRule.Authentication.none, shown: "none")
        requirement = RequirementConfiguration(reader)
        requirement.check(reader, authentication, isRoute: isRoute)
        policy.check(reader, authentication, isRoute: isRoute, isEgress: context.isEgress)
        if authentication != .none && !context.asksForVerdicts {
            reader.report(
                "auth", "the route asks for tokens, and postern.yaml does not say who judges them",
                mend: "Add to postern.yaml: `verify: unix:auth/verify.sock`.")
        }
        path = Self.path(reader, isRoute: isRoute)
        query = QueryConfiguration(reader)
        let serviceHeaders = service.map { context.services[$0].headers }
        headers = HeadersConfiguration(reader, service: serviceHeaders)
        timeout = Self.timeout(reader, service.map { context.services[$0].timeouts.firstByte })
        bodyLimit = reader.value("body_limit", .byteSize(in: 0...Int.max), default: 1 << 20, shown: "1MiB")
        let ownMask = reader.block("mask").map { MaskConfiguration.Part.read($0) }
        mask = MaskConfiguration([service.map { context.services[$0].mask }, ownMask].compactMap { $0 })
    }

    /// What it is for the byte path. After a problem too there is a rule, so that clashes are found at once with all
    /// else; nobody serves by it.
    func rule(for pattern: RoutePattern) -> RouteRule {
        let resolution = TemplateResolution(pattern: pattern, credentials: context.credentials)
        return RouteRule(
            file: file, pattern: pattern.description, service: service ?? -1, methods: methods,
            authentication: authentication, requirement: requirement.requirement,
            path: path.flatMap { pathTemplate($0, resolution) },
            query: query.rule(resolution, for: file, context),
            requestFields: headers.request.rules(resolution, for: file, context),
            responseFields: headers.response.rules(resolution, for: file, context),
            timeout: timeout, bodyLimit: bodyLimit, rates: policy.rates(file),
            cors: policy.cors?.rule(
                allowed: RouteRule.allowed(methods), hasAuthentication: authentication != .none),
            answer: policy.answer(resolution, for: file, context), mask: mask, settings: reader.settings.all)
    }

    private func pathTemplate(_ text: TemplateText, _ resolution: TemplateResolution) -> PathTemplate? {
        do throws(TemplateFault) {
            return try PathTemplate(text, resolution)
        } catch {
            context.report(error, in: "path", at: reader.place(of: "path"), for: file)
            return nil
        }
    }

    /// - Parameter service: what the service says of it, in nanoseconds.
    private static func timeout(_ reader: LayeredReader, _ service: UInt64?) -> UInt64 {
        let own = reader.optional("timeout", .duration(in: .milliseconds(1) ... .seconds(86400)))
        if !reader.has("timeout") { reader.settings.record("timeout", "the service's", nil) }
        return own?.nanoseconds ?? service ?? 0
    }

    private static func path(_ reader: LayeredReader, isRoute: Bool) -> TemplateText? {
        guard let text = reader.optional("path", .template) else {
            if !reader.has("path") { reader.settings.record("path", "the request's own", nil) }
            return nil
        }
        let isOwn = isRoute && reader.layers.first?.has("path") == true
        guard isOwn else {
            reader.report(
                "path", "`path` is one route's own, not a default",
                mend: "Write it into the file of the route.")
            return nil
        }
        return text
    }

    /// The index of the service that the files name.
    private static func service(
        _ reader: LayeredReader, isRequired: Bool, _ file: String, _ context: RouteContext
    ) -> Int? {
        guard let name = reader.optional("service", .nonEmptyString) else {
            if isRequired, !reader.has("service"), reader.layers.first?.isUsable == true {
                let example = context.services.first?.name ?? "data"
                context.problems.report(
                    ConfigurationPlace(file: file), "`service` is missing",
                    mend: "Add it, for example: `service: \(example)`.")
            }
            return nil
        }
        if let index = context.services.firstIndex(where: { $0.name == name }) { return index }
        let known = context.services.map(\.name)
        reader.report(
            "service", "there is no service '\(name)'",
            mend: known.isEmpty
                ? "Add services/\(name).yaml."
                : "Add services/\(name).yaml, or name one of: \(known.joined(separator: ", ")).")
        return nil
    }
}

extension ValueForm where Value == Method {
    /// A method in capitals, one of those that the gateway knows.
    static var method: ValueForm {
        let names = Method.allCases.map(\.name).filter { !$0.isEmpty && $0 != "CONNECT" }
        return text(expected: "a method", mend: "Write one of: \(names.joined(separator: ", ")).") { text in
            names.contains(text) ? Method(name: text) : nil
        }
    }
}

extension ValueForm where Value == TemplateText {
    /// A text in which braces stand for something.
    static var template: ValueForm { template(canBeEmpty: false) }

    static func template(canBeEmpty: Bool) -> ValueForm {
        ValueForm { node in
            guard let text = node.read(as: canBeEmpty ? .string : .nonEmptyString) else { return nil }
            do throws(TemplateFault) {
                return try TemplateText(text)
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
    }
}
