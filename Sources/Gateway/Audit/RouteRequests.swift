import Shared

/// A request for each route and method of a configuration.
enum RouteRequests {
    /// What a parameter stands for that nobody said anything of: an error page tells as much as any other.
    static let sample = "sample"

    /// - Parameters:
    ///   - host: told as `Host` for all of them.
    ///   - values: of parameters, by name; of a catch-all several segments.
    static func requests(
        _ tree: RouteTree<RouteRule>, host: String? = nil, values: [String: String]
    ) -> [AuditRequest] {
        tree.routes.flatMap { route in
            let path = route.pattern.segments.compactMap { segment -> String? in
                switch segment {
                case .fixed(let value): encoded(value)
                case .parameter(let name): encoded(values[name] ?? sample)
                case .catchAll(let name):
                    (values[name] ?? sample).split(separator: "/").map { encoded(String($0)) }.joined(separator: "/")
                case .optionalCatchAll(let name):
                    values[name].map { $0.split(separator: "/").map { encoded(String($0)) }.joined(separator: "/") }
                }
            }
            return Method.allCases.filter { isAsked($0) && route.value.allows($0) }.compactMap { method in
                var request = AuditRequest(method: method.name, url: "/" + path.joined(separator: "/"))
                request?.host = host
                return request
            }
        }
    }

    private static func isAsked(_ method: Method) -> Bool {
        // HEAD says nothing that GET does not; CONNECT and TRACE are for others.
        method != .head && method != .connect && method != .trace && !method.name.isEmpty
    }

    private static func encoded(_ segment: String) -> String {
        String(decoding: PathEncoding.canonical(segment), as: UTF8.self)
    }
}
