import Shared

/// What a route's files say of who may ask, how often, and of answers without a service.
struct RoutePolicy {
    let redirect: RedirectConfiguration?
    let respond: FixedAnswer?
    let cors: CORSConfiguration?
    private let rateTexts: [RateText]
    /// No service is asked: the nearest file that says who answers says that the gateway does.
    let isLocal: Bool

    private static let answers = ["service", "redirect", "respond"]

    init(_ reader: LayeredReader) {
        let nearest = reader.nearest("service", "redirect", "respond")
        let said = Self.answers.filter { nearest?.has($0) ?? false }
        if said.count > 1 {
            nearest?.report(
                said[1], "a route has one of `service`, `redirect` and `respond`, and here are \(said.count)",
                mend: "Keep one of them.")
        }
        let answer = said.last
        isLocal = answer == "redirect" || answer == "respond"
        redirect = answer == "redirect" ? reader.optional("redirect", .node).flatMap(RedirectConfiguration.read) : nil
        respond = answer == "respond" ? reader.optional("respond", .node).flatMap(RespondConfiguration.read) : nil
        cors = reader.block("cors").flatMap(CORSConfiguration.read)
        rateTexts = reader.optional("rate", .list(of: .rate)) ?? []
    }

    /// Finds what does not go together.
    /// - Parameters:
    ///   - isRoute: false for a `_defaults.yaml` by itself, to which a route may add what is missing.
    ///   - isEgress: the file is in `egress/`, which is for local services.
    func check(
        _ reader: LayeredReader, _ authentication: RouteRule.Authentication, isRoute: Bool, isEgress: Bool
    ) {
        if isRoute, isLocal, let own = reader.layers.first {
            for key in ["path", "query", "basic", "timeout", "mask", "headers"] where own.has(key) {
                own.report(
                    key, "a route that asks no service has no `\(key)`",
                    mend: key == "headers" && respond != nil
                        ? "Write `respond: {headers: ...}`." : "Take it out, or name a `service`.")
            }
        }
        if isEgress && authentication != .none {
            reader.report(
                "auth", "the egress socket is for services, which have no token to be judged here",
                mend: "Take `auth` out; postern.yaml says who may ask: `egress: {allow_users: [...]}`.")
        }
        if isEgress && cors != nil {
            reader.report("cors", "no page of a browser reaches the egress socket", mend: "Take `cors` out.")
        }
        if isRoute, authentication == .none, rateTexts.contains(where: { $0.scope == .user }) {
            reader.report(
                "rate", "a rate per user needs to know who asks, and the route looks at no token",
                mend: isEgress ? "Write `per client`." : "Add `auth: required`, or write `per client`.")
        }
    }

    /// The rates of the route of that file.
    func rates(_ file: String) -> [RateRule] {
        rateTexts.enumerated().map { RateRule($1, place: "\(file) \($0)") }
    }

    /// What is answered without a service; nil where there is one, and after a problem was reported.
    func answer(_ resolution: TemplateResolution, for file: String, _ context: RouteContext) -> LocalAnswer? {
        guard let redirect else { return respond.map { .fixed($0) } }
        do throws(TemplateFault) {
            return .redirect(try redirect.rule(resolution))
        } catch {
            context.report(error, in: "redirect", at: redirect.place, for: file)
            return nil
        }
    }
}
