import Shared

/// An entry of `issuers:` in `auth.yaml`: somebody else whose tokens are taken.
///
/// ```yaml
/// issuers:
/// - issuer: https://clerk.example.com  # needed: the exact `iss`
///   jwks: URL                          # needed: where the keys are; or {url, ca, allow_private}; or the path of a file
///   audience: NAME                     # or a list: a token must name one; default: a token must have no `aud`
///   authorized_parties: [ORIGIN]       # the `azp` that are taken; default: any
///   algorithms: [RS256]
///   clock_skew: 5s                     # how far its clock may be from ours
///   token: [header, cookie: NAME]      # where its tokens may come from; default: header
///   user: sub                          # the claim that is Postern-User; or {claim: sub, prefix: "acme:"}
///   claims: {role: [metadata, role]}   # what Postern-Claims holds; default: the payload
///   refuse: {sts: pending}             # claims with which tokens are refused
///   stale: 24h                         # how long its keys are good while it does not confirm them
///   cool_down: 30s                     # the time between two fetches for keys that are not known
/// ```
struct IssuerConfiguration: Sendable, Equatable {
    enum Keys: Sendable, Equatable {
        case address(IssuerKeyAddress)
        /// The absolute path of a file.
        case file(String)
    }

    let rules: IssuerRules
    let keys: Keys
    var places = TokenPlaces()
    /// Seconds.
    var stale: Int64 = 86400
    var coolDown: Int64 = 30
    /// Where its keys are named.
    let place: ConfigurationPlace

    private static let limit = 32

    /// All of the file, and which socket their keys are fetched through.
    /// - Parameter own: our own `iss`.
    static func readAll(
        _ reader: ConfigurationReader, own: String?, context: AuthConfiguration.Context
    ) -> (issuers: [IssuerConfiguration], egress: String?) {
        let explicit = reader.optional("egress", ValueForm<ListenAddress>.unixSocket(relativeTo: context.runDirectory))
        guard reader.has("issuers") else { return ([], nil) }
        let form = ValueForm<IssuerConfiguration>.issuer(stateDirectory: context.stateDirectory)
        let issuers = reader.optional("issuers", .list(of: form, keepingGood: true)) ?? []
        if issuers.count > limit {
            reader.report("issuers", "there are \(issuers.count) issuers, and \(limit) are the most")
        }
        for (index, issuer) in issuers.enumerated() {
            let isTwice = issuers[..<index].contains { $0.rules.name.hasSameCodePoints(as: issuer.rules.name) }
            guard isTwice || own?.hasSameCodePoints(as: issuer.rules.name) == true else { continue }
            reader.problems.report(
                issuer.place,
                "\(LogText.quoted(issuer.rules.name, limit: 120)) is already the name of "
                    + (isTwice ? "another issuer" : "this service (`token.issuer`)"),
                mend: "Each issuer has a name of its own, the exact `iss` of its tokens.")
        }
        var socket: String?
        if case .unix(let path)? = explicit { socket = path } else { socket = context.egress }
        if socket == nil, let issuer = issuers.first(where: { $0.keys.isRemote }) {
            reader.problems.report(
                issuer.place, "the keys are fetched through the gateway, and postern.yaml has no egress socket for it",
                mend: "Add to postern.yaml: `egress: unix:gateway/egress.sock`, and restart the gateway.")
        }
        return (issuers, socket)
    }
}

extension IssuerConfiguration.Keys {
    var isRemote: Bool { if case .address = self { true } else { false } }
}

extension ValueForm where Value == IssuerConfiguration {
    fileprivate static func issuer(stateDirectory: String) -> ValueForm {
        ValueForm { node in
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            let name = reader.required("issuer", .nonEmptyString, example: "https://clerk.example.com")
            let keys = reader.required(
                "jwks", .issuerKeys(relativeTo: stateDirectory), example: IssuerKeyAddress.example)
            var rules = IssuerRules(name: name ?? "")
            let texts = ValueForm<[String]>.list(of: .nonEmptyString)
            rules.audiences = reader.value("audience", texts, default: [])
            rules.authorizedParties = reader.optional("authorized_parties", texts)
            rules.algorithms = reader.value("algorithms", .list(of: .publicAlgorithm), default: rules.algorithms)
            rules.clockSkew = reader.value(
                "clock_skew", .wholeSeconds(in: .zero ... .seconds(300)), default: rules.clockSkew)
            readTold(reader, into: &rules)
            let places = reader.value("token", .tokenPlaces, default: TokenPlaces())
            let stale = reader.value("stale", .wholeSeconds(in: .seconds(1) ... .seconds(86400 * 30)), default: 86400)
            let coolDown = reader.value("cool_down", .wholeSeconds(in: .seconds(1) ... .seconds(3600)), default: 30)
            guard name != nil, let keys else { return nil }
            return IssuerConfiguration(
                rules: rules, keys: keys, places: places, stale: stale, coolDown: coolDown,
                place: reader.place(of: "jwks"))
        }
    }

    /// Which claims are told, and which refuse a token.
    private static func readTold(_ reader: ConfigurationReader, into rules: inout IssuerRules) {
        if let user = reader.optional("user", .node) {
            if user.isMapping, let mapping = user.read(as: ValueForm<ConfigurationReader>.mapping) {
                rules.user = mapping.required("claim", .claimPath, example: "sub") ?? rules.user
                rules.userPrefix = mapping.value("prefix", .userPrefix, default: "")
            } else {
                rules.user = user.read(as: .claimPath) ?? rules.user
            }
        }
        rules.told = reader.optional("claims", .mapping(of: .claimPath))?.map {
            IssuerRules.Told(name: $0.key, claim: $0.value)
        }
        let texts = ValueForm<[String]>.list(of: .nonEmptyString)
        rules.refused = (reader.optional("refuse", .mapping(of: texts)) ?? []).map {
            IssuerRules.Refused(name: $0.key, values: $0.value)
        }
    }
}

extension ValueForm where Value == IssuerConfiguration.Keys {
    /// Where they are on the web, or the path of a file.
    fileprivate static func issuerKeys(relativeTo folder: String) -> ValueForm {
        ValueForm { node in
            if node.isMapping || node.text.map(IssuerKeyAddress.isMeant) == true {
                return node.read(as: .issuerKeyAddress).map(IssuerConfiguration.Keys.address)
            }
            return node.read(as: .path(relativeTo: folder)).map(IssuerConfiguration.Keys.file)
        }
    }
}

extension ValueForm where Value == SignatureAlgorithm {
    /// One of those whose keys may be published.
    fileprivate static var publicAlgorithm: ValueForm {
        let known = SignatureAlgorithm.allCases.filter { $0.kind != nil }
        return text(
            expected: "one of: \(known.map(\.rawValue).joined(separator: ", "))",
            mend: "A shared secret is no key of an issuer: whoever checks with it could sign."
        ) { text in known.first { $0.rawValue == text } }
    }
}

extension ValueForm where Value == String {
    fileprivate static var userPrefix: ValueForm {
        text(expected: "visible ASCII text of 64 bytes at most") { text in
            text.utf8.count <= 64 && VerifiedToken.isFieldValue(text) ? text : nil
        }
    }
}
