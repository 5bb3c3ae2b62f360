import Shared

/// One request on its way through the gate, from its head to the end of its response; the phases are its extensions in
/// `Phases/`, a file each. Both connections are on one loop. Exchanges are used again: `number` tells one life from
/// the next.
final class Exchange {
    unowned let worker: Worker
    private(set) var number: UInt64 = 0
    var connection: ServerConnection?
    var table: RoutingTable
    var rule: RouteRule?
    var path = CanonicalPath()
    /// Where in the head the text begins that `path` was made of.
    var targetStart = 0
    var captures = RouteCaptures()
    /// The place in `Snapshot.hosts` of the host that was asked; -1 for none of them.
    var host = -1
    /// What was said of the request's token; services are told of its bearer.
    var verdict: Verdict?
    var instance: InstancePool?
    var upstream: ClientConnection?
    /// When the request's head was written to the instance, on the loop's clock; and the nanoseconds from then to the
    /// first byte of its answer, 0 before that.
    var sentAt: UInt64 = 0
    var latency: UInt64 = 0
    /// Connections that the request was sent on, or was to be.
    var attempts = 0
    /// Times that it was sent again although it may have been received.
    var repeats = 0
    /// What was to be sent on a connection that took none of it.
    var unsent: UnsentOutput?
    /// Another instance that was asked as well, because the first took long; and when that is due, made when first needed.
    var hedge: Hedge?
    var hedgeTimer: LoopTimer?
    /// Where it has a place among the exchanges of a limited service, or waits for one under the number `place`; 0 when it
    /// does not wait.
    var held: ServiceLoad?
    var place: UInt64 = 0
    var placeTimer: LoopTimer?
    /// Where its answer is awaited by a limit that is learnt.
    var awaited: ServiceShield?
    /// The request's content so far, in bytes.
    var bodyCount = 0
    var hasBegunBody = false
    /// What the client calls us, once the head has given way to the body; the answer's fields are told by it.
    var clientHost: [UInt8] = []
    var isAwaitingVerdict = false
    /// The client takes trailer fields.
    var acceptsTrailers = false
    /// The last chunk of the request's body has been sent, and trailer fields after it.
    var hasSentTrailers = false
    /// A local service asks for what is outside: other routes are there for it.
    private(set) var isEgress = false
    /// The request asks for another protocol.
    var isUpgrade = false
    /// Rewrites the response's body, where the route asks for that.
    var bodyMask: BodyMask?
    /// What the response is looked at for leaks with; made when first needed.
    var audit: LeakScanner?
    /// The response under way is audited; where it began in the client's output.
    var isAudited = false
    var responseMark: UInt64 = 0
    var responseOutput = 0
    /// After 101: the two connections, joined.
    var tunnel: Tunnel?
    /// Its place in `TokenStreams`; -1 without one.
    var streamIndex = -1
    /// Whether its token is good still is being asked, or is to be.
    var isAskedAgain = false
    /// Rings when the token ends that opened the stream; made when first needed.
    var tokenEnd: LoopTimer?
    /// Attempts to connect to several addresses at once.
    var race: ConnectionRace?
    /// Rings when the service's time for the whole exchange is over; made when first needed.
    var total: LoopTimer?

    init(_ worker: Worker) {
        self.worker = worker
        table = worker.table
    }

    deinit {
        tokenEnd?.invalidate()
        total?.invalidate()
        hedgeTimer?.invalidate()
        placeTimer?.invalidate()
    }

    /// Takes the request from its head to the service, or to an answer of our own.
    func receive(_ connection: ServerConnection, number: UInt64, isEgress: Bool = false) {
        self.number = number
        self.isEgress = isEgress
        self.connection = connection
        table = worker.table
        do throws(GatewayError) {
            if isEgress { try admitPeer(connection) }
            try canonicalise(connection)
            guard let rule = try route(connection) else { return }
            try limit(connection, rule)
            guard try authenticate(connection, rule) else { return }
            try serve(connection, rule)
        } catch {
            fail(error)
        }
    }

    /// Goes on after the verdict has come.
    func proceed() {
        guard let connection, let rule else { return }
        do throws(GatewayError) {
            try serve(connection, rule)
        } catch {
            fail(error)
        }
    }

    /// What is left when it is known who asks.
    private func serve(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) {
        try admit(connection, rule)
        if let answer = rule.answer { return self.answer(connection, answer) }
        if table.services[rule.service].rule.isLimited {
            guard try hold(connection, rule) else { return }
        }
        try select(rule)
        try forward(connection, rule)
    }

    /// Ends the exchange with an answer of our own, or, where the response has begun, by breaking it off.
    func fail(_ error: GatewayError) {
        guard let connection else { return }
        worker.counters.count(error)
        if connection.hasResponse {
            worker.counters.broken &+= 1
            breakOff(connection)
        } else {
            giveUpUpstream()
            let rule = self.rule
            let path = self.path
            end()
            ErrorResponse.send(error, on: connection, rule: rule, path: path, targetStart: targetStart)
        }
    }

    /// Ends the exchange in the middle of its answer.
    func breakOff(_ connection: ServerConnection) {
        giveUpUpstream()
        end()
        connection.exchange = nil
        connection.breakOff()
    }

    private func giveUpUpstream() {
        race?.cancel()
        race = nil
        if hedge != nil { giveUpHedge() }
        if let upstream {
            if tunnel == nil { report(.abandoned) }
            instance?.lose(upstream)
        }
        upstream = nil
        instance = nil
    }

    /// Forgets everything of this request and lets the exchange be used for another.
    func end() {
        connection = nil
        if table !== worker.table {
            table = worker.table
            audit = nil
        }
        rule = nil
        host = -1
        verdict = nil
        instance = nil
        upstream = nil
        attempts = 0
        repeats = 0
        unsent = nil
        hedgeTimer?.cancel()
        if held != nil || awaited != nil { release() }
        bodyCount = 0
        hasBegunBody = false
        isAwaitingVerdict = false
        acceptsTrailers = false
        hasSentTrailers = false
        isUpgrade = false
        if let bodyMask { giveBodyMask(bodyMask) }
        isAudited = false
        tunnel = nil
        total?.cancel()
        number = 0
        if streamIndex >= 0 { streamDidEnd() }
        worker.rest(self)
    }
}

extension Exchange: ServerExchange {
    func receiveEnd(from connection: ServerConnection) {
        guard let upstream else { return }
        if connection.head.fields.isChunked { upstream.stream.append(hasSentTrailers ? "\r\n" : "0\r\n\r\n") }
        upstream.endRequest()
    }

    func exchangeWasCancelled(on connection: ServerConnection) {
        guard self.connection != nil else { return }
        if tunnel == nil { worker.counters.cancelled &+= 1 } else { closeTunnel() }
        giveUpUpstream()
        end()
    }

    func responseDidDrain(on connection: ServerConnection) {
        guard bodyMask == nil || goOnInflating(connection) else { return }
        upstream?.resume()
    }
}
