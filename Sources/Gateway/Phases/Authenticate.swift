import Shared

extension Exchange {
    /// Sees whose token it is, where the route asks for one. Returns false when the answer is still to come:
    /// `authenticationDidEnd` goes on then.
    func authenticate(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) -> Bool {
        guard rule.authentication != .none else { return true }
        let head = connection.head
        let credentials =
            head.fields.authorization < 0 ? 0..<0 : head.fields.lines[head.fields.authorization].valueRange
        guard !credentials.isEmpty else {
            if rule.authentication == .optional { return true }
            throw .client(.authorizationRequired)
        }
        guard credentials.count <= Authenticator.credentialsLimit else { throw .client(.badRequest) }
        guard let service = table.verify else {
            throw GatewayError(what: .authenticationUnavailable(retryAfter: nil), fault: .ourselves)
        }
        let known = connection.withHead { bytes in worker.authenticator.known(bytes.extracting(credentials)) }
        guard let known else {
            isAwaitingVerdict = true
            let isAsked = connection.withHead { bytes in
                worker.authenticator.ask(bytes.extracting(credentials), service: service, for: VerdictWaiter(self))
            }
            guard isAsked else {
                throw GatewayError(what: .authenticationUnavailable(retryAfter: nil), fault: .ourselves)
            }
            return false
        }
        try accept(known)
        return true
    }

    /// The auth service has answered, or could not be asked.
    func authenticationDidEnd(_ answer: Authenticator.Answer) {
        guard isAwaitingVerdict else { return }
        isAwaitingVerdict = false
        do throws(GatewayError) {
            switch answer {
            case .verdict(let verdict): try accept(verdict)
            case .unavailable(let seconds):
                throw GatewayError(what: .authenticationUnavailable(retryAfter: seconds), fault: .upstream)
            }
        } catch {
            return fail(error)
        }
        proceed()
    }

    private func accept(_ verdict: Verdict) throws(GatewayError) {
        guard verdict.isAccepted else { throw .client(.refused(verdict)) }
        self.verdict = verdict
    }
}
