// Unsafe code: lends the bytes of a user's name.
import Shared

extension Exchange {
    /// Refuses what the client has no more rate for, and a body that says it is too long. One that does not say is counted while it comes (`receiveBody`).
    func limit(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) {
        if rule.clientRates > 0 { try limitRates(connection, rule, 0..<rule.clientRates) }
        guard connection.head.fields.contentLength <= rule.bodyLimit.bytes else { throw .client(.bodyTooLong) }
    }

    /// The rates that are judged last: of the user, whom the verdict names, and of all together. What is refused before
    /// them takes nothing of what all share.
    func admit(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) {
        guard rule.rates.count > rule.clientRates else { return }
        try limitRates(connection, rule, rule.clientRates..<rule.rates.count)
    }

    private func limitRates(
        _ connection: ServerConnection, _ rule: RouteRule, _ places: Range<Int>
    ) throws(GatewayError) {
        for place in places {
            let rate = rule.rates[place]
            let outcome = worker.rates.take(rate, key(of: rate, connection), now: worker.loop.now)
            if outcome.hasEvicted { worker.counters.rateEvictions &+= 1 }
            rate.appendFields(outcome, to: &connection.responseFields)
            guard outcome.wait == 0 else { throw .client(.tooManyRequests(wait: outcome.wait)) }
        }
    }

    private func key(of rate: RateRule, _ connection: ServerConnection) -> UInt64 {
        switch rate.scope {
        case .all: return worker.rates.key(rate)
        case .user:
            // Who comes without a token, where the route lets that pass, is nobody but a client.
            guard let verdict, !verdict.user.isEmpty else { break }
            let fields = verdict.fields
            return worker.rates.key(rate, user: unsafe fields.span.bytes.extracting(verdict.user))
        case .client: break
        }
        return worker.rates.key(rate, client: connection.client)
    }
}
