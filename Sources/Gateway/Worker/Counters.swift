import Shared

/// What one loop has done since it began. Written by the loop alone.
struct Counters: Sendable {
    /// Requests whose head was whole.
    var requests: UInt64 = 0
    /// Responses of services that were delivered whole to the loop's connections.
    var completed: UInt64 = 0
    /// Messages refused as malformed, too long or too slow.
    var refused: UInt64 = 0
    /// Responses of services by the first digit of their status, 1 to 5, at index 0 to 4.
    var responses: InlineArray<5, UInt64> = .init(repeating: 0)
    /// Exchanges tried again on another connection.
    var retries: UInt64 = 0
    /// Instances that were passed over for a while for what they did to requests.
    var ejections: UInt64 = 0
    /// Those that the service's budget did not allow.
    var refusedRetries: UInt64 = 0
    /// Requests that a second instance was asked as well, and those that it answered first.
    var hedges: UInt64 = 0
    var wonHedges: UInt64 = 0
    /// Requests that waited for a place at their service; that waited in vain; that could not even wait; and that were
    /// refused because their service, as was learnt, would have let them wait too long.
    var waits: UInt64 = 0
    var longWaits: UInt64 = 0
    var fullServices: UInt64 = 0
    var shedRequests: UInt64 = 0
    /// Exchanges whose client left before the response was complete.
    var cancelled: UInt64 = 0
    /// Responses broken off because the service's was.
    var broken: UInt64 = 0

    /// Exchanges that were not served, by whose fault: the client's (4xx), a service's (502 to 504), our own (503).
    var clientFaults: UInt64 = 0
    var upstreamFaults: UInt64 = 0
    var ownFaults: UInt64 = 0
    /// Exchanges that took longer than their service's `timeouts: total`.
    var longExchanges: UInt64 = 0
    /// Attempts to connect to a service that was not who it must be, or spoke no TLS that we speak.
    var refusedServices: UInt64 = 0
    /// Requests whose body was longer than their route takes (413).
    var longBodies: UInt64 = 0
    /// Requests beyond their route's rate (429), and clients whose use was forgotten before its time for want of room.
    var rateRefusals: UInt64 = 0
    var rateEvictions: UInt64 = 0
    /// Requests answered here: redirects, fixed answers, and preflights.
    var answered: UInt64 = 0

    /// Tunnels opened by 101, and those that are open now.
    var tunnels: UInt64 = 0
    var openTunnels = 0
    /// Tunnels closed because nothing moved in them.
    var idleTunnels: UInt64 = 0
    /// Answers broken off and tunnels closed because the token that opened them had ended.
    var tokenEnds: UInt64 = 0
    /// Requests refused because a page of another site had them sent.
    var crossSiteRefusals: UInt64 = 0
    /// The same because a revocation had come, and the token was refused when it was asked about again.
    var revokedStreams: UInt64 = 0
    /// Revocations heard, and streams of them that began.
    var revocations: UInt64 = 0
    var revocationStreams: UInt64 = 0

    /// Bodies that were rewritten, and the URLs and names in them that were; those that were inflated for it; answers
    /// that were refused or broken off because their body could not be.
    var maskedBodies: UInt64 = 0
    var maskedURLs: UInt64 = 0
    var inflatedBodies: UInt64 = 0
    var refusedBodies: UInt64 = 0
    /// Fields of services that were dropped because no route leads to the URL in them, or they tell of a service; and
    /// answers refused for it.
    var droppedFields: UInt64 = 0
    var refusedAnswers: UInt64 = 0
    /// Failures of services that were told in our words.
    var replacedErrors: UInt64 = 0
    /// What answers told of services where they are audited, by the place of its kind, and answers kept back for it.
    var leaks: InlineArray<6, UInt64> = .init(repeating: 0)
    var blockedAnswers: UInt64 = 0

    mutating func count(_ leak: LeakKind) { leaks[leak.index] &+= 1 }

    mutating func count(status: Int) {
        let index = status / 100 - 1
        if index >= 0 && index < 5 { responses[index] &+= 1 }
    }

    mutating func count(_ error: GatewayError) {
        switch error.fault {
        case .client: clientFaults &+= 1
        case .upstream: upstreamFaults &+= 1
        case .ourselves: ownFaults &+= 1
        }
        switch error.what {
        case .bodyTooLong: longBodies &+= 1
        case .tooManyRequests: rateRefusals &+= 1
        default: break
        }
    }
}

extension Counters {
    /// By the names under which an operator meets them.
    func add(to tally: inout Tally) {
        tally.add("requests", requests)
        tally.add("completed", completed)
        for index in 0..<5 { tally.add("responses.\(index + 1)xx", responses[index]) }
        tally.add("answered", answered)
        tally.add("refused", refused)
        tally.add("cancelled", cancelled)
        tally.add("retries", retries)
        tally.add("ejections", ejections)
        tally.add("retries.refused", refusedRetries)
        tally.add("hedges", hedges)
        tally.add("hedges.won", wonHedges)
        tally.add("limits.waited", waits)
        tally.add("limits.wait", longWaits)
        tally.add("limits.in_flight", fullServices)
        tally.add("limits.adaptive", shedRequests)
        tally.add("broken", broken)
        tally.add("failed.client", clientFaults)
        tally.add("failed.upstream", upstreamFaults)
        tally.add("failed.ourselves", ownFaults)
        tally.add("limits.body", longBodies)
        tally.add("limits.rate", rateRefusals)
        tally.add("limits.rate_keys", rateEvictions)
        tally.add("timeouts.total", longExchanges)
        tally.add("upstream_tls.failed", refusedServices)
        tally.add("closed.tunnel_idle", idleTunnels)
        tally.add("tunnels.opened", tunnels)
        tally.add("tunnels.open", UInt64(max(0, openTunnels)))
        tally.add("closed.token_end", tokenEnds)
        tally.add("closed.revoked", revokedStreams)
        tally.add("cross_site.refused", crossSiteRefusals)
        tally.add("revocations.heard", revocations)
        tally.add("revocations.streams", revocationStreams)
        tally.add("mask.bodies", maskedBodies)
        tally.add("mask.urls", maskedURLs)
        tally.add("mask.inflated", inflatedBodies)
        tally.add("mask.bodies_refused", refusedBodies)
        tally.add("mask.fields", droppedFields)
        tally.add("mask.refused", refusedAnswers)
        tally.add("mask.errors", replacedErrors)
        tally.add("mask.blocked", blockedAnswers)
        for kind in LeakKind.allCases { tally.add("leaks.\(kind.rawValue)", leaks[kind.index]) }
    }
}
