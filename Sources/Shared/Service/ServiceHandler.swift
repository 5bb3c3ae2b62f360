/// What answers a request of one of our own services.
package enum ServiceHandler: Sendable {
    /// Answers at once on the event loop: must not block, must not wait.
    case immediate(@Sendable (ServiceRequest) -> ServiceResponse)
    /// Answers from a task; the loop goes on meanwhile. The task is cancelled when the client leaves.
    case concurrent(@Sendable (ServiceRequest) async -> ServiceResponse)
    /// For answers that may be at hand. `attempt` is asked first, on the event loop, where it must not block; where it
    /// has none, `otherwise` answers from a task.
    case kept(
        attempt: @Sendable (ServiceRequest) -> ServiceResponse?,
        otherwise: @Sendable (ServiceRequest) async -> ServiceResponse)
}

extension ServiceHandler {
    /// Answers a request made by hand, whatever kind of handler this is: for those who have no connection.
    package func answer(_ request: ServiceRequest) async -> ServiceResponse {
        switch self {
        case .immediate(let answer): return answer(request)
        case .concurrent(let answer): return await answer(request)
        case .kept(let attempt, let otherwise):
            if let response = attempt(request) { return response }
            return await otherwise(request)
        }
    }
}
