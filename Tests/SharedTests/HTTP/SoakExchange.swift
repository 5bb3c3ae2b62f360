@testable import Shared

/// One exchange of a `SoakClient`: checks that what it is told is what was to be expected, once.
final class SoakExchange: ClientExchange {
    private let client: SoakClient
    private let task: SoakClient.Task
    var expected: [UInt8] = []
    private var body: [UInt8] = []
    private var isOver = false

    init(_ client: SoakClient, _ task: SoakClient.Task) {
        self.client = client
        self.task = task
    }

    func responseDidBegin(on connection: ClientConnection) {
        if connection.head.status != 200 { over("status \(connection.head.status)") }
    }

    func responseBody(_ count: Int, on connection: ClientConnection) {
        body += connection.stream.inputBytes.prefix(count)
        connection.stream.consume(count)
        guard task == .slow else { return }
        connection.pause()
        client.loop.afterThisTurn { connection.resume() }
    }

    func responseDidEnd(on connection: ClientConnection) {
        client.keep(connection)
        over(task == .broken || task == .timeOut ? "an answer" : areSame(body, expected) ? nil : "another answer")
    }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        // Closed for its idleness just when it was used again.
        if failure.kind == .closed && failure.wasReused && !failure.hadResponse && !isOver {
            isOver = true
            return client.begin(task, fresh: true)
        }
        switch task {
        case .broken: over(failure.kind == .closed ? nil : "\(failure)")
        case .timeOut: over(failure.kind == .timeout ? nil : "\(failure)")
        default: over("\(failure)")
        }
    }

    func giveUp(_ connection: ClientConnection) {
        guard !isOver else { return }
        connection.cancel()
        over(nil)
    }

    private func over(_ mistake: String?) {
        guard !isOver else { return }
        isOver = true
        client.finish(task, mistake: mistake)
    }
}

/// A socket of a `SoakClient` that does not speak as it should.
final class SoakRaw: StreamDelegate {
    private let client: SoakClient
    private let task: SoakClient.Task
    private let stream: Stream
    private var received: [UInt8] = []

    init(_ client: SoakClient, _ task: SoakClient.Task, _ stream: Stream) {
        self.client = client
        self.task = task
        self.stream = stream
    }

    func streamDidRead(_ stream: Stream) {
        received += stream.inputBytes
        stream.consume(stream.inputCount)
    }

    /// The service has closed: it must have said all that it had to.
    func streamDidEnd(_ stream: Stream) {
        let text = String(decoding: received, as: UTF8.self)
        let isFine =
            switch task {
            case .pipeline: text.components(of: "HTTP/1.1 200 OK") == 51 && text.hasSuffix("/last")
            case .garbage: text.hasPrefix("HTTP/1.1 400 ")
            default: text.isEmpty || text.hasPrefix("HTTP/1.1 408 ")
            }
        leave(isFine ? nil : "heard \(text.utf8.count) bytes")
    }

    func streamDidFail(_ stream: Stream, _ error: LoopError) { leave("\(error)") }

    func leave(_ mistake: String? = nil) {
        stream.close()
        client.finish(task, mistake: mistake)
    }
}

extension String {
    /// How often `part` occurs.
    fileprivate func components(of part: String) -> Int {
        let bytes = Array(utf8)
        let wanted = Array(part.utf8)
        guard bytes.count >= wanted.count else { return 0 }
        return (0...bytes.count - wanted.count).count { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
    }
}
