import Glibc
import Synchronization
import Testing

/// Clients that ask again and again, each on a thread of its own, and count what becomes of their requests.
final class Load: Sendable {
    enum Kind: Sendable {
        /// One connection for all requests, as long as the other side keeps it.
        case keptConnections
        /// A connection a request.
        case newConnections
    }

    struct Tally: Sendable {
        /// Requests that were answered as expected.
        var answered = 0
        /// Requests on a connection that stood, without the expected answer, and what came instead.
        var lost: [String] = []
        /// Attempts to connect that were turned away: nothing was sent.
        var refused = 0
        var running = 0
    }

    let tally = Monitor(Tally())
    private let isStopped = Atomic(false)
    private let port: UInt16
    private let target: String
    private let method: String
    private let fields: [String]
    private let isExpected: @Sendable (Message) -> Bool

    init(
        port: UInt16, _ method: String = "GET", _ target: String, fields: [String] = [],
        isExpected: @escaping @Sendable (Message) -> Bool = { $0.status == 200 }
    ) {
        self.port = port
        self.method = method
        self.fields = fields
        self.target = target
        self.isExpected = isExpected
    }

    /// Starts so many clients of one kind.
    func start(_ count: Int, _ kind: Kind) throws {
        for _ in 0..<count {
            tally.change { $0.running += 1 }
            try TestThread.start("load") { [self] in
                switch kind {
                case .keptConnections: askOnKeptConnections()
                case .newConnections: askOnNewConnections()
                }
                tally.change { $0.running -= 1 }
            }
        }
    }

    /// Waits until so many more requests have been answered.
    func waitForAnswers(_ count: Int) throws {
        let goal = tally.value.answered + count
        try #require(tally.wait { $0.answered >= goal || $0.running == 0 ? true : nil } == true)
        try #require(tally.value.answered >= goal, "\(tally.value)")
    }

    /// Ends all clients, each after its request, and gives the result.
    func stop() throws -> Tally {
        isStopped.store(true, ordering: .relaxed)
        return try end()
    }

    /// Waits for all clients to end by themselves: nobody takes their connections any more.
    func end() throws -> Tally {
        try #require(tally.wait { $0.running == 0 ? true : nil } == true)
        return tally.value
    }

    private func connect() -> SocketStream? {
        do throws(SocketStream.ConnectFailure) {
            return try SocketStream.connect(port: port)
        } catch {
            tally.change { $0.refused += 1 }
            return nil
        }
    }

    /// Asks once; nil when the request was lost.
    private func ask(_ stream: SocketStream, _ what: String) -> Message? {
        let body: [UInt8]? = method == "POST" ? Array("body".utf8) : nil
        stream.send(Client.bytes(method, target, fields: fields, body: body))
        do throws(MessageError) {
            let message = try stream.response(to: method)
            let isExpected = isExpected(message)
            tally.change { tally in
                if isExpected { tally.answered += 1 } else { tally.lost.append("\(what): \(message.start)") }
            }
            return message
        } catch {
            tally.change { $0.lost.append("\(what): \(error)") }
            return nil
        }
    }

    private func askOnNewConnections() {
        while !isStopped.load(ordering: .relaxed) {
            guard let stream = connect(), ask(stream, "new connection") != nil else { return }
        }
    }

    private func askOnKeptConnections() {
        while !isStopped.load(ordering: .relaxed) {
            guard let stream = connect() else { return }
            var number = 0
            while !isStopped.load(ordering: .relaxed) {
                number += 1
                guard let message = ask(stream, "request \(number) of a connection") else { return }
                if message["Connection"] == ["close"] { break }
            }
        }
    }
}
