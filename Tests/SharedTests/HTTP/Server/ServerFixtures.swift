import Testing

@testable import Shared

/// A request under way that notes what it is told, and takes its body unless told otherwise.
final class TestExchange: ServerExchange {
    let target: String
    let connection: ServerConnection
    var body: [UInt8] = []
    var ended = 0
    var cancelled = 0
    var drained = 0
    var onBody: ((Int) -> Void)?
    var onEnd: (() -> Void)?
    var onDrain: (() -> Void)?

    init(_ target: String, _ connection: ServerConnection) {
        self.target = target
        self.connection = connection
    }

    func receiveBody(_ count: Int, from connection: ServerConnection) {
        body += connection.stream.inputBytes.prefix(count)
        connection.stream.consume(count)
        onBody?(count)
    }
    func receiveEnd(from connection: ServerConnection) {
        ended += 1
        onEnd?()
    }
    func responseDidDrain(on connection: ServerConnection) {
        drained += 1
        onDrain?()
    }
    func exchangeWasCancelled(on connection: ServerConnection) { cancelled += 1 }

    /// The hooks may hold the exchange.
    func forgetHooks() {
        onBody = nil
        onEnd = nil
        onDrain = nil
    }

    /// Sends a whole answer.
    func answer(_ text: String, status: Int = 200) {
        connection.beginResponse(status)
        connection.endHead(.length(text.utf8.count))
        if connection.head.method != .head { connection.stream.append(Array(text.utf8)) }
        connection.endResponse()
    }
}

/// Serves by the target: `/wait` is left to the test, `/body` tells its body's length, others are answered at once
/// with their own name.
final class TestApplication: ServerApplication {
    var exchanges: [TestExchange] = []
    var refusals: [MessageFault] = []
    var closed = 0
    var onRequest: ((TestExchange) -> Void)?

    var targets: [String] { exchanges.map(\.target) }

    func serverDidReceive(_ connection: ServerConnection) {
        let target = connection.withHead { bytes in
            String(decoding: bytes.copied[connection.head.targetRange], as: UTF8.self)
        }
        let exchange = TestExchange(target, connection)
        exchanges.append(exchange)
        connection.exchange = exchange
        if let onRequest { return onRequest(exchange) }
        switch target {
        case "/wait": break
        case "/body":
            exchange.onEnd = { [unowned exchange] in exchange.answer("\(exchange.body.count)") }
            connection.readBody()
        default: exchange.answer(target)
        }
    }
    func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) { refusals.append(fault) }
    func serverDidClose(_ connection: ServerConnection) {
        closed += 1
        for exchange in exchanges where exchange.connection === connection { exchange.forgetHooks() }
    }
}

/// A server's connection with its client's end.
final class ServerUnderTest {
    let loop: EventLoop
    let application = TestApplication()
    let context: ServerContext
    let connection: ServerConnection
    let client: Peer

    init(_ transport: Transport = .unix, _ change: (inout ServerLimits) -> Void = { _ in }) throws {
        loop = try makeLoop()
        var limits = ServerLimits()
        change(&limits)
        context = ServerContext(loop: loop, application: application, limits: limits)
        let (descriptor, client) = try transport.pair()
        self.client = client
        connection = try context.open(descriptor: descriptor)
    }

    deinit {
        application.onRequest = nil
        context.closeAll()
    }

    /// Sends `text` and returns what came back.
    func ask(_ text: String) -> String {
        client.send(text)
        loop.settle()
        return client.receiveText()
    }

    /// What came since, once the loop has served what is there.
    func heard() -> String {
        loop.settle()
        return client.receiveText()
    }

    /// The connection is closed, its client has seen the end, and every buffer is back.
    func isGone() -> Bool {
        loop.settle()
        _ = client.receive()
        return client.sawEnd && application.closed == 1 && context.connections.isEmpty && loop.buffers.lent == 0
    }
}

/// The head and content of an answer of `TestExchange`.
func ok(_ content: String, _ lines: String...) -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: \(content.utf8.count)\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
        + content
}

func ask(_ target: String, _ lines: String...) -> String {
    "GET \(target) HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n"
}

func post(_ target: String, _ lines: String..., body: String = "") -> String {
    "POST \(target) HTTP/1.1\r\nHost: a\r\n" + lines.map { $0 + "\r\n" }.joined() + "\r\n" + body
}
