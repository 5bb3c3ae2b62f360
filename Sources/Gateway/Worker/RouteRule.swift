import Shared

/// What one route file says, ready for the byte path. Immutable; shared by all loops.
final class RouteRule: Sendable {
    enum Authentication: String, Sendable, CaseIterable {
        case none, optional, required
    }

    /// The file, as a person names it.
    let file: String
    let pattern: String
    /// Index in `Snapshot.services`.
    let service: Int
    /// Allowed methods as bits by `Method.rawValue`; all for a file that names none.
    private let methods: UInt16
    /// The value of `Allow`.
    let allow: [UInt8]
    let authentication: Authentication
    /// Nanoseconds for the service to answer.
    let timeout: UInt64
    /// Bytes of a request's body.
    let bodyLimit: Int
    /// The JSON body of the answer to a longer one.
    let bodyLimitMessage: [UInt8]

    init(
        file: String, pattern: String, service: Int, methods: [Method]?, authentication: Authentication,
        timeout: UInt64, bodyLimit: Int
    ) {
        self.file = file
        self.pattern = pattern
        self.service = service
        var allowed = methods ?? Method.allCases
        // Who may GET may ask for the head alone (RFC 9110 section 9.3.2).
        if allowed.contains(.get) && !allowed.contains(.head) { allowed.append(.head) }
        self.methods = allowed.reduce(0) { $0 | 1 << UInt16($1.rawValue) }
        allow = Array(allowed.map(\.name).filter { !$0.isEmpty }.joined(separator: ", ").utf8)
        self.authentication = authentication
        self.timeout = timeout
        self.bodyLimit = bodyLimit
        bodyLimitMessage = Array("{\"error\":\"Body exceeded \(Self.sizeText(bodyLimit)) limit\"}".utf8)
    }

    /// For people: the methods, or `all`.
    var methodsText: String {
        methods == (1 << UInt16(Method.allCases.count)) - 1 ? "all" : String(decoding: allow, as: UTF8.self)
    }

    @inline(__always) func allows(_ method: Method) -> Bool {
        methods & (1 << UInt16(method.rawValue)) != 0
    }

    /// `1mb`, `64kb`, `100b`: the words of the API that this one stands in for.
    private static func sizeText(_ bytes: Int) -> String {
        if bytes >= 1 << 20 && bytes % (1 << 20) == 0 { return "\(bytes >> 20)mb" }
        if bytes >= 1 << 10 && bytes % (1 << 10) == 0 { return "\(bytes >> 10)kb" }
        return "\(bytes)b"
    }
}
