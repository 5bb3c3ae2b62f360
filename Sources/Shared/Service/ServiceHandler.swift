/// What answers a request of one of our own services.
package enum ServiceHandler: Sendable {
    /// Answers at once on the event loop: must not block, must not wait.
    case immediate(@Sendable (ServiceRequest) -> ServiceResponse)
    /// Answers from a task; the loop goes on meanwhile.
    case concurrent(@Sendable (ServiceRequest) async -> ServiceResponse)
}

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
