// Unsafe code: bytes copied out of a field.
import Glibc
import Shared

/// One loop's ear at the auth service: `GET /revocations`, an event stream that has no end. What is heard goes to the
/// loop's verdicts and streams in the turn in which it comes: no lock, no other thread.
///
/// There is no state "down" that verdicts depend on: each life sign moves the moment on until which they may be used
/// (`Authenticator.heard`), and silence lets it pass, whatever its reason. Here it only leads to another attempt.
final class RevocationListener: ClientExchange {
    private unowned let worker: Worker
    let address: InstanceAddress
    private let pool: InstancePool
    private let log: RevocationLog?
    private var connection: ClientConnection?
    private var parser = EventStreamParser()
    private var events: [RevocationEvent] = []
    private var timer: LoopTimer?
    private var pause = ReconnectPause()
    private var random = SpreadRandom()
    /// `begin` was heard on this connection.
    private(set) var isListening = false
    private var hasFailed = false

    /// Nanoseconds without a sign of life after which another stream is tried.
    private var patience: UInt64 { max(worker.authenticator.grace, Self.shortestPatience) }
    /// Signs come once a second; less than two of them is no silence.
    private static let shortestPatience: UInt64 = 2_500_000_000

    init(_ worker: Worker, _ address: InstanceAddress, log: RevocationLog?) {
        self.worker = worker
        self.address = address
        self.log = log
        // Not the one of the questions: this connection is no exchange under way, and its failures count for nothing else.
        pool = InstancePool(address, loop: worker.loop)
        timer = LoopTimer(loop: worker.loop) { [unowned self] in timeIsOver() }
    }

    deinit { timer?.invalidate() }

    /// Who may be at the other end, as for questions.
    func trust(_ peers: PeerRule?, _ foreign: ForeignSockets?) {
        pool.peers = peers
        pool.foreign = foreign
    }

    func start() {
        parser = EventStreamParser()
        do throws(LoopError) {
            let connection = try pool.connect()
            self.connection = connection
            timer?.set(after: patience)
            connection.begin(self, method: .get, connectDeadline: patience, responseDeadline: patience)
            connection.stream.append("GET /revocations HTTP/1.1\r\nHost: auth\r\nAccept: text/event-stream\r\n\r\n")
            connection.endRequest()
        } catch {
            fail(error.code == EPERM ? "a foreign user listens there" : "it takes no connection")
        }
    }

    /// Ends it, and says nothing more.
    func stop() {
        timer?.invalidate()
        timer = nil
        drop()
        if hasFailed { log?.recover() }
        hasFailed = false
    }

    private func drop() {
        isListening = false
        if let connection { pool.lose(connection) }
        connection = nil
    }

    private func fail(_ reason: String, pause wait: UInt64? = nil) {
        drop()
        log?.lose(reason, grace: worker.authenticator.grace, isFirst: !hasFailed)
        hasFailed = true
        timer?.set(after: wait ?? pause.next(chance: random.next()))
    }

    private func timeIsOver() {
        if connection == nil { start() } else { fail("it is silent") }
    }

    // MARK: What is heard

    private enum Heard { case nothing, something, nonsense }

    private func hear(_ bytes: RawSpan) -> Heard {
        var index = 0
        var heard = Heard.nothing
        do throws(EventStreamParser.TooLong) {
            while let item = try parser.next(in: bytes, at: &index) {
                heard = .something
                switch item {
                case .comment:
                    // It has lived for a while: if it breaks, another one may be had at once.
                    if isListening { pause.reset() }
                case .event(let name, let data):
                    guard let event = RevocationEvent(name: name, data: data) else { return .nonsense }
                    if event == .begin { isListening = true }
                    events.append(event)
                }
            }
            return heard
        } catch {
            return .nonsense
        }
    }

    private func begin() {
        worker.counters.revocationStreams &+= 1
        if hasFailed { log?.recover() }
        hasFailed = false
    }

    // MARK: ClientExchange

    func responseDidBegin(on connection: ClientConnection) {
        let status = connection.head.status
        guard status == 200 else {
            return fail("it answers \(status)", pause: status < 500 ? ReconnectPause.absent : nil)
        }
        let isStream = connection.withHead { bytes in
            connection.head.fields.lines.contains { line in
                line.name == .contentType && Self.isEventStream(bytes.extracting(line.valueRange))
            }
        }
        if !isStream { fail("it has no stream of events", pause: ReconnectPause.absent) }
    }

    func responseBody(_ count: Int, on connection: ClientConnection) {
        guard let input = connection.stream.input else { return }
        let heard = input.withBytes { hear($0.extracting(0..<count)) }
        connection.stream.consume(count)
        for event in events {
            if event == .begin { begin() }
            worker.revocationDidCome(event)
        }
        events.removeAll(keepingCapacity: true)
        guard heard != .nonsense else {
            // Who knows what it was about.
            worker.revocationDidCome(.revoked(user: nil))
            return fail("what it says is no such stream")
        }
        guard isListening, heard == .something else { return }
        worker.authenticator.heard()
        timer?.set(after: patience)
    }

    private static func isEventStream(_ type: RawSpan) -> Bool {
        let text = String(decoding: unsafe type.withUnsafeBytes { unsafe Array($0) }, as: UTF8.self)
        return text.lowercased().hasPrefix("text/event-stream")
    }

    func responseDidEnd(on connection: ClientConnection) { fail("it has ended the stream") }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        switch failure.kind {
        case .connect, .connectTimeout: fail("it takes no connection")
        case .timeout: fail("it is silent")
        case .closed: fail("it has broken the stream")
        case .malformed: fail("its answer is no HTTP")
        }
    }
}
