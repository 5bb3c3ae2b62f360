// Unsafe code: connect(2) takes its path as a pointer; bytes copied out of the input.
import CLinux
import Glibc

/// One request to the control socket of a running gateway, and its whole answer.
package final class ControlClient: ClientExchange {
    package struct Answer: Equatable, Sendable {
        package let status: Int
        package let body: [UInt8]
    }

    private static let answerLimit = 16 << 20
    private var status = 0
    private var body: [UInt8] = []
    private var result: Result<Answer, CommandFailure>?
    private let path: String

    private init(_ path: String) { self.path = path }

    /// Sends `method target` with `body` to the socket at `path`, and waits.
    /// - Parameters:
    ///   - method: GET or POST.
    ///   - body: JSON.
    ///   - deadline: nanoseconds for a connection, and for the answer to begin and to go on.
    /// - Throws: what a person is to read, with status 69 where no gateway listens or answers, 77 for another user's
    ///   socket.
    package static func ask(
        _ method: Method, _ target: String, body: [UInt8] = [], at path: String, deadline: UInt64
    ) throws(CommandFailure) -> Answer {
        let loop: EventLoop
        let connection: ClientConnection
        do throws(LoopError) {
            loop = try EventLoop()
            var inProgress = false
            let descriptor = unsafe postern_connect_unix(path, &inProgress)
            guard descriptor >= 0 else { throw LoopError(call: "connect", code: errno) }
            connection = try ClientConnection(loop: loop, descriptor: descriptor, isConnecting: inProgress)
        } catch {
            throw failure(error.code, at: path)
        }
        let client = ControlClient(path)
        connection.begin(client, method: method, connectDeadline: deadline, responseDeadline: deadline)
        connection.stream.append(Array("\(method.name) \(target) HTTP/1.1\r\nHost: localhost\r\n".utf8))
        if method != .get { connection.stream.append(Array("Content-Length: \(body.count)\r\n".utf8)) }
        connection.stream.append("\r\n")
        connection.stream.append(body)
        connection.endRequest()
        while client.result == nil { loop.turn() }
        connection.cancel()
        return try client.result?.get() ?? Answer(status: 0, body: [])
    }

    private static func failure(_ code: Int32, at path: String) -> CommandFailure {
        switch code {
        case ENOENT, ECONNREFUSED:
            CommandFailure(
                "no gateway listens on \(path)",
                mend: "Start it, or name the folder of its sockets with --run DIR.", status: .unavailable)
        case EACCES, EPERM:
            CommandFailure(
                "\(path) cannot be opened: permission denied", mend: "Run this as root, or as the gateway's user.",
                status: .noPermission)
        default:
            CommandFailure(
                "\(path) cannot be reached: \(SystemError("connect", code: code).reason)", status: .unavailable)
        }
    }

    // MARK: ClientExchange

    package func responseDidBegin(on connection: ClientConnection) { status = connection.head.status }

    package func responseBody(_ count: Int, on connection: ClientConnection) {
        if body.count + count <= Self.answerLimit {
            connection.stream.input?.withBytes { bytes in
                unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe body.append(contentsOf: $0) }
            }
        }
        connection.stream.consume(count)
    }

    package func responseDidEnd(on connection: ClientConnection) {
        result = .success(Answer(status: status, body: body))
    }

    package func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        result = .failure(
            CommandFailure(
                "the gateway at \(path) did not answer", mend: "See its log: journalctl -u postern-gateway.",
                status: .unavailable))
    }
}
