import Testing

@testable import Shared

/// Notes what an exchange is told, in order, and takes all content.
final class ClientRecorder: ClientExchange {
    var events: [String] = []
    var body: [UInt8] = []
    var failure: ClientFailure?
    var takesContent = true
    var onBegin: ((ClientConnection) -> Void)?
    var onBody: ((ClientConnection) -> Void)?
    var onEnd: ((ClientConnection) -> Void)?

    func connectionDidOpen(on connection: ClientConnection) { events.append("open") }
    func responseWasInformed(on connection: ClientConnection) { events.append("informed \(connection.head.status)") }
    func responseDidBegin(on connection: ClientConnection) {
        events.append("begin \(connection.head.status)")
        onBegin?(connection)
    }
    func protocolDidSwitch(on connection: ClientConnection) {
        events.append("switch \(String(decoding: connection.stream.inputBytes, as: UTF8.self))")
    }
    func responseBody(_ count: Int, on connection: ClientConnection) {
        if takesContent {
            body += connection.stream.inputBytes.prefix(count)
            connection.stream.consume(count)
        }
        onBody?(connection)
    }
    func responseDidEnd(on connection: ClientConnection) {
        events.append("end")
        onEnd?(connection)
    }
    func requestDidDrain(on connection: ClientConnection) { events.append("drain") }
    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        events.append("fail")
        self.failure = failure
    }

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A client's connection with the service's end.
final class ClientUnderTest {
    let loop: EventLoop
    let connection: ClientConnection
    let service: Peer
    var idleEnds = 0

    init(_ transport: Transport = .unix) throws {
        loop = try makeLoop()
        let (descriptor, service) = try transport.pair()
        self.service = service
        connection = try ClientConnection(loop: loop, descriptor: descriptor, isConnecting: false)
        connection.idleDidEnd = { [unowned self] _ in idleEnds += 1 }
    }

    deinit { connection.cancel() }

    /// Begins an exchange and sends its head.
    func send(
        _ method: Method = .get, _ recorder: ClientRecorder = ClientRecorder(), ends: Bool = true,
        mayUpgrade: Bool = false
    ) -> ClientRecorder {
        connection.begin(
            recorder, method: method, connectDeadline: 3 * second, responseDeadline: 30 * second,
            mayUpgrade: mayUpgrade)
        connection.stream.append("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        if ends { connection.endRequest() }
        loop.settle()
        _ = service.receive()
        return recorder
    }

    /// The service says `text`.
    func hear(_ text: String) {
        service.send(text)
        loop.settle()
    }
}
