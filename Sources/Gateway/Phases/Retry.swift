import Glibc
import Shared

/// What becomes of a request whose connection failed.
extension Exchange {
    func exchangeDidFail(on upstream: ClientConnection, _ failure: ClientFailure) {
        guard let connection, let rule, let instance else { return }
        if hedge != nil { return hedgedDidFail(upstream, failure) }
        let isDown = if case .connect = failure.kind { true } else { failure.kind == .connectTimeout }
        if failure.kind == .timeout { learn(worker.loop.now &- sentAt) }
        report(Self.outcome(failure))
        self.upstream = nil
        self.instance = nil
        if case .connect(EPROTO) = failure.kind { worker.counters.refusedServices &+= 1 }
        instance.lose(upstream, isInstanceDown: isDown)
        guard mayGoOn(failure, upstream, connection, rule, isDown: isDown) else { return fail(error(failure)) }
        worker.counters.retries &+= 1
        do throws(GatewayError) {
            try select(rule, except: instance)
            try forward(connection, rule, fresh: !isDown)
        } catch {
            fail(error)
        }
    }

    /// A kept connection that ended before it took a byte says nothing against its instance, which may be draining.
    static func outcome(_ failure: ClientFailure) -> InstanceOutcome {
        failure.kind == .closed && !failure.wasSent ? .abandoned : InstanceOutcome(failure)
    }

    /// A request of which nothing reached anybody may go elsewhere, whatever it is, with what there was of its body. One
    /// that may have been received is sent again only when it is idempotent, no byte of an answer came (RFC 9110 section
    /// 9.2.2), and the service's budget allows it: to another instance, or, where there is none, once more to the same:
    /// its socket may be systemd's, and keep it until the service is back.
    private func mayGoOn(
        _ failure: ClientFailure, _ upstream: ClientConnection, _ connection: ServerConnection, _ rule: RouteRule,
        isDown: Bool
    ) -> Bool {
        let service = table.services[rule.service]
        guard !connection.hasResponse, attempts < service.rule.retries.attempts else { return false }
        if hasBegunBody {
            unsent = failure.wasSent ? nil : upstream.unsent
            return unsent != nil
        }
        if isDown || !failure.wasSent { return true }
        guard failure.kind == .closed, !failure.hadResponse, connection.head.method.isIdempotent,
            repeats == 0 || service.instances.count > 1
        else { return false }
        guard service.shield.budget.spend(now: worker.loop.now) else {
            worker.counters.refusedRetries &+= 1
            return false
        }
        repeats += 1
        return true
    }

    private func error(_ failure: ClientFailure) -> GatewayError {
        switch failure.kind {
        // There was somebody, who is not who it must be.
        case .connect(EPROTO): .upstream(.upstreamFailed, .upstream(failure))
        case .connect, .connectTimeout: .upstream(.noInstance, .upstream(failure))
        case .closed, .malformed: .upstream(.upstreamFailed, .upstream(failure))
        case .timeout: .upstream(.upstreamTimeout, .upstream(failure))
        }
    }
}
