import CLinux
import Glibc

@testable import Shared

/// One of the asking sides of the soak test: does one thing after the other to a service, chosen by a seeded generator.
final class SoakClient {
    enum Task: CaseIterable {
        case small, later, count, chunked, large, slow, timeOut, broken, cancel, half, pipeline, garbage, silent
    }

    let loop: EventLoop
    private let connect: () -> (descriptor: Int32, inProgress: Bool)
    private var random: SeededGenerator
    private var remaining: Int
    private let done: () -> Void
    private var kept: ClientConnection?
    private var exchange: SoakExchange?
    private var raw: SoakRaw?
    private(set) var finished: [Task: Int] = [:]
    private(set) var mistakes: [String] = []

    init(
        loop: EventLoop, seed: UInt64, tasks: Int, connect: @escaping () -> (descriptor: Int32, inProgress: Bool),
        done: @escaping () -> Void
    ) {
        self.loop = loop
        self.connect = connect
        random = SeededGenerator(seed: seed)
        remaining = tasks
        self.done = done
    }

    func next() {
        guard remaining > 0 else {
            kept?.cancel()
            kept = nil
            return done()
        }
        remaining -= 1
        var task = Task.allCases.randomElement(using: &random) ?? .small
        // A silent connection takes a second to be closed: a few are enough.
        if remaining % 40 == 0 { task = .silent } else if task == .silent { task = .small }
        switch task {
        case .half, .pipeline, .garbage, .silent: beginRaw(task)
        default: begin(task, fresh: false)
        }
    }

    func finish(_ task: Task, mistake: String? = nil) {
        finished[task, default: 0] += 1
        if let mistake { mistakes.append("\(task): \(mistake)") }
        exchange = nil
        raw = nil
        // Not inside the callback that told of the end.
        loop.afterThisTurn { [self] in next() }
    }

    // MARK: Exchanges

    func begin(_ task: Task, fresh: Bool) {
        if fresh { kept = nil }
        let reused = kept.flatMap { $0.isReusable ? $0 : nil }
        if reused == nil { kept?.cancel() }
        kept = nil
        guard let connection = reused ?? open() else { return finish(task, mistake: "no connection") }
        let exchange = SoakExchange(self, task)
        self.exchange = exchange
        connection.begin(
            exchange, method: .post, connectDeadline: 5 * second,
            responseDeadline: task == .timeOut ? 5 * millisecond : 20 * second)
        write(task, to: connection, exchange)
        if task == .cancel { loop.afterThisTurn { exchange.giveUp(connection) } }
    }

    private func write(_ task: Task, to connection: ClientConnection, _ exchange: SoakExchange) {
        let size = Int.random(in: 0..<120_000, using: &random)
        let stream = connection.stream
        switch task {
        case .count, .cancel:
            exchange.expected = Array("\(size)".utf8)
            stream.append(Array(post("/count", "Content-Length: \(size)").utf8) + pattern(size))
        case .chunked:
            exchange.expected = Array("\(size * 2)".utf8)
            stream.append(Array(post("/count", "Transfer-Encoding: chunked").utf8))
            for _ in 0..<2 where size > 0 {
                stream.append(hexadecimal: size)
                stream.append("\r\n")
                stream.append(pattern(size))
                stream.append("\r\n")
            }
            stream.append("0\r\n\r\n")
        case .large, .slow:
            exchange.expected = SoakService.large
            stream.append(Array(ask("/large").utf8))
        default:
            let target =
                switch task {
                case .timeOut: "/never"
                case .broken: "/broken"
                case .later: "/later"
                default: "/small"
                }
            exchange.expected = Array(target.utf8)
            stream.append(Array(ask(target).utf8))
        }
        connection.endRequest()
    }

    func keep(_ connection: ClientConnection) {
        guard connection.isReusable else { return connection.cancel() }
        kept = connection
        connection.idleDidEnd = { [weak self] in if self?.kept === $0 { self?.kept = nil } }
    }

    private func open() -> ClientConnection? {
        let (descriptor, inProgress) = connect()
        guard descriptor >= 0 else { return nil }
        return try? ClientConnection(loop: loop, descriptor: descriptor, isConnecting: inProgress)
    }

    // MARK: Bytes

    private func beginRaw(_ task: Task) {
        let (descriptor, inProgress) = connect()
        guard descriptor >= 0, let stream = try? Stream(loop: loop, descriptor: descriptor, isConnecting: inProgress)
        else {
            return finish(task, mistake: "no connection")
        }
        let raw = SoakRaw(self, task, stream)
        self.raw = raw
        stream.delegate = raw
        switch task {
        case .half: stream.append("GET / HTTP/1.1\r\nHo")
        case .pipeline: stream.append(Array(String(repeating: ask("/small"), count: 50).utf8))
        case .garbage: stream.append("\u{1}\u{2}\u{3} nonsense\r\n\r\n")
        default: break
        }
        if task == .pipeline { stream.append(Array(ask("/last", "Connection: close").utf8)) }
        if task == .half { loop.afterThisTurn { raw.leave() } }
    }
}
