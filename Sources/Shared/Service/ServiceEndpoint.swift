/// One method on one route pattern (Next.js semantics, see `RouteTree`).
package struct ServiceEndpoint: Sendable {
    package let method: Method
    /// For example `/api/users/[id]`.
    package let pattern: String
    package let handler: ServiceHandler

    package init(_ method: Method, _ pattern: String, _ handler: ServiceHandler) {
        self.method = method
        self.pattern = pattern
        self.handler = handler
    }
}
