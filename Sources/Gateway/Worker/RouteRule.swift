import Shared

/// What one route file says, ready for the byte path. Immutable; shared by all loops.
final class RouteRule: Sendable {
    enum Authentication: String, Sendable, CaseIterable {
        case none, optional, required
    }

    /// The file, as a person names it.
    let file: String
    let pattern: String
    /// Index in `Snapshot.services`; -1 where `answer` stands in its place.
    let service: Int
    /// Allowed methods as bits by `Method.rawValue`; all for a file that names none.
    private let methods: UInt16
    /// The allowed methods for a person, and for `Allow`.
    let allow: String
    /// The field `Allow` with its CRLF.
    let allowField: [UInt8]
    let authentication: Authentication
    /// What a token has to have beyond being good; nil where that is enough.
    let requirement: TokenRequirement?
    /// What the service is asked for; the request's own path without it.
    let path: PathTemplate?
    /// What becomes of the query; nil where the request's own goes on.
    let query: QueryRule?
    /// What becomes of the request's fields, and of the answer's; nil where nothing is said of any.
    let requestFields: FieldRules?
    let responseFields: FieldRules?
    /// Nanoseconds for the service to answer.
    let timeout: UInt64
    /// Of a request's body.
    let bodyLimit: BodyLimit
    /// What a client sees of the service.
    let mask: MaskConfiguration
    /// In the order in which they are judged: first those of clients, before a token is looked at.
    let rates: [RateRule]
    let clientRates: Int
    let cors: CORSRule?
    /// What is answered without a service; nil where there is one.
    let answer: LocalAnswer?
    /// What was read of the route's files, for people.
    let settings: [RouteSetting]
    /// `mask.isThorough`, ready to be asked for each response.
    let masksThoroughly: Bool
    /// `mask.keep`, in lower case.
    let keptFields: [[UInt8]]

    init(
        file: String, pattern: String, service: Int, methods: [Method]?, authentication: Authentication,
        requirement: TokenRequirement? = nil, path: PathTemplate? = nil, query: QueryRule? = nil,
        requestFields: FieldRules? = nil,
        responseFields: FieldRules? = nil, timeout: UInt64, bodyLimit: Int,
        rates: [RateRule] = [], cors: CORSRule? = nil, answer: LocalAnswer? = nil,
        mask: MaskConfiguration = MaskConfiguration(), settings: [RouteSetting] = []
    ) {
        self.file = file
        self.pattern = pattern
        self.service = service
        let allowed = Self.allowed(methods)
        self.methods = allowed.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
        allow = allowed.map(\.name).filter { !$0.isEmpty }.joined(separator: ", ")
        allowField = Array("Allow: \(allow)\r\n".utf8)
        self.authentication = authentication
        self.requirement = requirement
        self.path = path
        self.query = query
        self.requestFields = requestFields
        self.responseFields = responseFields
        self.timeout = timeout
        self.bodyLimit = BodyLimit(bytes: bodyLimit)
        self.mask = mask
        self.settings = settings
        self.rates = RateRule.Scope.allCases.flatMap { scope in rates.filter { $0.scope == scope } }
        clientRates = rates.count { $0.scope == .client }
        self.cors = cors
        self.answer = answer
        masksThoroughly = mask.isThorough
        keptFields = mask.keep.map { Array($0.utf8) }
    }

    /// The methods that a route takes; nil for a file that names none. Who may GET may ask for the head alone (RFC 9110
    /// section 9.3.2).
    static func allowed(_ methods: [Method]?) -> [Method] {
        guard let methods else { return Method.allCases }
        return methods.contains(.get) && !methods.contains(.head) ? methods + [.head] : methods
    }

    /// For people: what is asked of a token.
    var authenticationText: String {
        let asked = [
            requirement.map { $0.claims.isEmpty } == false ? "claims" : "",
            requirement.map { $0.scopes.isEmpty } == false ? "scopes" : "",
        ]
        return ([authentication.rawValue] + asked.filter { !$0.isEmpty }).joined(separator: ", ")
    }

    /// For people: the methods, or `all`.
    var methodsText: String {
        methods == (1 << UInt16(Method.allCases.count)) - 1 ? "all" : allow
    }

    /// Adds the path that the service is asked for to `bytes`.
    func appendPath(for path: borrowing CanonicalPath, _ captures: RouteCaptures, to bytes: inout [UInt8]) {
        if let template = self.path {
            template.append(path, captures, to: &bytes)
        } else {
            bytes.append(contentsOf: path.canonical)
        }
    }

    /// Whether a field of this name is one that `mask.keep` names.
    func keeps(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        for kept in keptFields where kept.count == name.count {
            var isSame = true
            for offset in 0..<kept.count {
                let byte = bytes.octet(name.lowerBound + offset)
                if (byte >= 65 && byte <= 90 ? byte | 32 : byte) != kept[offset] {
                    isSame = false
                    break
                }
            }
            if isSame { return true }
        }
        return false
    }

    @inline(__always) func allows(_ method: Method) -> Bool {
        methods & (1 << UInt16(method.rawValue)) != 0
    }
}
