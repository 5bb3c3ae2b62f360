import Shared

/// Whose processes may ask: the users that `allow_users` names, by what the kernel says of the socket's other end
/// (SO_PEERCRED, unix(7)). Without the key it is anyone whom the socket's folder lets in.
struct PeerPolicy: Equatable, Sendable {
    /// User ids; nil for any.
    let allowedUsers: Set<UInt32>?

    func admits(_ peer: PeerCredentials?) -> Bool {
        guard let allowedUsers else { return true }
        // A peer that the kernel cannot name is refused.
        return peer.map { allowedUsers.contains($0.userID) } ?? false
    }

    /// The same endpoints, answering 403 to everyone else.
    func guarding(_ endpoints: [ServiceEndpoint]) -> [ServiceEndpoint] {
        guard allowedUsers != nil else { return endpoints }
        return endpoints.map { endpoint in
            ServiceEndpoint(endpoint.method, endpoint.pattern, guarding(endpoint.handler))
        }
    }

    private func guarding(_ handler: ServiceHandler) -> ServiceHandler {
        switch handler {
        case .immediate(let answer):
            .immediate { request in admits(request.peer) ? answer(request) : Self.refusal }
        case .concurrent(let answer):
            .concurrent { request in admits(request.peer) ? await answer(request) : Self.refusal }
        case .kept(let attempt, let otherwise):
            .kept(
                attempt: { request in admits(request.peer) ? attempt(request) : Self.refusal },
                otherwise: { request in admits(request.peer) ? await otherwise(request) : Self.refusal })
        }
    }

    private static let refusal = ServiceResponse.error("Forbidden", status: 403)
}
