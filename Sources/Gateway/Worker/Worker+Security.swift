import Shared

extension Worker {
    /// A listener that speaks TLS is secured with what is in force when a connection is accepted.
    func security(for listener: String) -> (() -> ServerSecurity)? {
        guard let secured, let first = secured[listener] else { return nil }
        return { [handshakes] in
            let listener = secured[listener] ?? first
            return ServerSecurity(
                layer: listener.server.makeSecurity(counting: handshakes),
                responseFields: listener.configuration.strictTransport)
        }
    }
}
