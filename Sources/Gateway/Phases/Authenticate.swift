// Unsafe code: lends the bytes of several cookies.
import Shared

extension Exchange {
    /// Sees whose token it is, where the route asks for one. Returns false when the answer is still to come:
    /// `authenticationDidEnd` goes on then.
    func authenticate(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) -> Bool {
        try refuseCrossSite(connection, rule)
        guard rule.authentication != .none else { return true }
        switch credentials(connection.head, connection) {
        case .none:
            if rule.authentication == .optional { return true }
            throw .client(.authorizationRequired)
        case .inHead(let range, let place):
            guard range.count <= Authenticator.credentialsLimit else { throw .client(.badRequest) }
            let service = try judge()
            return try accept(
                connection.withHead { bytes in
                    known(bytes.extracting(range), in: place, askedOf: service)
                })
        case .pairs:
            let pairs = worker.scratch
            guard pairs.count <= Authenticator.credentialsLimit else { throw .client(.badRequest) }
            let service = try judge()
            return try accept(known(unsafe pairs.span.bytes, in: .cookie, askedOf: service))
        }
    }

    private func judge() throws(GatewayError) -> InstancePool {
        guard let service = table.verify else {
            throw GatewayError(what: .authenticationUnavailable(retryAfter: nil), fault: .ourselves)
        }
        return service
    }

    private enum Finding {
        case verdict(Verdict)
        case isAsked
        case cannotAsk
    }

    @inline(__always) private func known(
        _ credentials: RawSpan, in place: TokenPlace, askedOf service: InstancePool
    ) -> Finding {
        if let known = worker.authenticator.known(credentials, in: place) { return .verdict(known) }
        isAwaitingVerdict = true
        let isAsked = worker.authenticator.ask(
            credentials, in: place, service: service, for: VerdictWaiter(self))
        return isAsked ? .isAsked : .cannotAsk
    }

    @inline(__always) private func accept(_ finding: Finding) throws(GatewayError) -> Bool {
        switch finding {
        case .verdict(let verdict):
            try accept(verdict)
            return true
        case .isAsked: return false
        case .cannotAsk:
            throw GatewayError(what: .authenticationUnavailable(retryAfter: nil), fault: .ourselves)
        }
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
        guard verdict.isAccepted else {
            // A browser sends its cookies unasked, also those whose time is over: where a token is no must, they are none.
            if verdict.place == .cookie, rule?.authentication == .optional { return }
            throw .client(.refused(verdict))
        }
        if let requirement = rule?.requirement, !verdict.meets(requirement) {
            throw .client(.insufficient(requirement))
        }
        self.verdict = verdict
    }
}
