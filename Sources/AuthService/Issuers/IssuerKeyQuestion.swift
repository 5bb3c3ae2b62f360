// Unsafe code: connect(2) takes its path as a pointer; bytes are copied out of the connection's input.
import CLinux
import Glibc
import Shared

/// One `GET` of an issuer's keys on the gateway's egress socket, over a connection of its own.
final class IssuerKeyQuestion: ClientExchange {
    enum Answer {
        /// The bytes of a set, what the issuer calls it, and seconds for which it may be kept.
        case set([UInt8], tag: String?, maxAge: Int64?)
        /// It is what it was (304).
        case same(maxAge: Int64?)
        case failed(Failure)
    }

    struct Failure: Error, Equatable {
        let whose: IssuerKeyStateMachine.Failure
        /// For the log.
        let reason: String

        init(_ whose: IssuerKeyStateMachine.Failure, _ reason: String) {
            self.whose = whose
            self.reason = reason
        }
    }

    /// Nanoseconds for the whole exchange.
    static let deadline: UInt64 = 5_000_000_000

    private let path: String
    private let tag: String?
    private let loop: EventLoop
    private var done: ((Answer) -> Void)?
    private var connection: ClientConnection?
    private var timer: LoopTimer?
    private var status = 0
    private var answersTag: String?
    private var maxAge: Int64?
    private var body: [UInt8] = []

    init(_ path: String, tag: String?, loop: EventLoop, done: @escaping (Answer) -> Void) {
        self.path = path
        self.tag = tag
        self.loop = loop
        self.done = done
        // However slowly the answer comes.
        timer = LoopTimer(loop: loop) { [weak self] in
            self?.end(.failed(Failure(.issuer, "no whole answer within \(Self.deadline / 1_000_000_000) seconds")))
        }
    }

    func start(at socket: String) {
        var inProgress = false
        let descriptor = unsafe postern_connect_unix(socket, &inProgress)
        guard descriptor >= 0 else { return failed(errno, at: socket) }
        let connection: ClientConnection
        do throws(LoopError) {
            connection = try ClientConnection(loop: loop, descriptor: descriptor, isConnecting: inProgress)
        } catch {
            return failed(error.code, at: socket)
        }
        self.connection = connection
        timer?.set(after: Self.deadline)
        connection.begin(self, method: .get, connectDeadline: Self.deadline, responseDeadline: Self.deadline)
        connection.stream.append(Array("GET \(path) HTTP/1.1\r\nHost: localhost\r\nAccept: application/json\r\n".utf8))
        if let tag { connection.stream.append(Array("If-None-Match: \(tag)\r\n".utf8)) }
        connection.stream.append(Array("Accept-Encoding: identity\r\nConnection: close\r\n\r\n".utf8))
        connection.endRequest()
    }

    private func failed(_ code: Int32, at socket: String) {
        let reason = SystemError("connect", code: code).reason
        let mend =
            code == EACCES || code == EPERM
            ? "; the user of this service must be in the group of the socket" : "; is the gateway running?"
        // Not inside the call: who asks has more to do first.
        loop.afterThisTurn { [self] in
            end(.failed(Failure(.gateway, "the egress socket \(socket) cannot be opened (\(reason))\(mend)")))
        }
    }

    private func end(_ answer: Answer) {
        guard let done else { return }
        self.done = nil
        timer?.invalidate()
        timer = nil
        connection?.cancel()
        connection = nil
        done(answer)
    }

    // MARK: ClientExchange

    func responseDidBegin(on connection: ClientConnection) {
        status = connection.head.status
        connection.withHead { bytes in
            for line in connection.head.fields.lines {
                switch line.name {
                case .etag: answersTag = Self.text(bytes, line.valueRange)
                case .cacheControl where maxAge == nil:
                    maxAge = CacheLifetime.seconds(Self.text(bytes, line.valueRange))
                default: break
                }
            }
        }
    }

    func responseBody(_ count: Int, on connection: ClientConnection) {
        guard body.count + count <= IssuerKeySet.longest else {
            return end(.failed(Failure(.issuer, "the set has more than \(IssuerKeySet.longest) bytes")))
        }
        connection.stream.input?.withBytes { bytes in
            unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe body.append(contentsOf: $0) }
        }
        connection.stream.consume(count)
    }

    func responseDidEnd(on connection: ClientConnection) {
        switch status {
        case 200: end(.set(body, tag: answersTag.flatMap(Self.usable), maxAge: maxAge))
        case 304 where tag != nil: end(.same(maxAge: maxAge))
        case 403:
            end(
                .failed(Failure(.issuer, "403: the egress socket is not for this user (`allow_users` in postern.yaml)"))
            )
        case 404:
            end(
                .failed(
                    Failure(
                        .issuer, "404: the issuer has no keys there, or the gateway was not reloaded since it was named"
                    )))
        default: end(.failed(Failure(.issuer, "status \(status)")))
        }
    }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        switch failure.kind {
        case .connect, .connectTimeout: end(.failed(Failure(.gateway, "the gateway does not take the connection")))
        case .closed where !failure.hadResponse: end(.failed(Failure(.gateway, "the gateway closed the connection")))
        case .timeout: end(.failed(Failure(.issuer, "no answer in time")))
        case .closed: end(.failed(Failure(.issuer, "the answer broke off")))
        case .malformed: end(.failed(Failure(.issuer, "the answer is malformed")))
        }
    }

    // MARK: Fields

    private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        unsafe bytes.extracting(range).withUnsafeBytes { unsafe String(decoding: $0, as: UTF8.self) }
    }

    /// What may stand in a field of a request again.
    private static func usable(_ tag: String) -> String? {
        let isShort = (1...256).contains(tag.utf8.count)
        return isShort && tag.utf8.allSatisfy { (0x21...0x7e).contains($0) } ? tag : nil
    }
}
