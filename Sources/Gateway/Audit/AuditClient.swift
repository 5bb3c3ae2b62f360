// Unsafe code: getaddrinfo(3) and what it returns.
import CLinux
import Glibc
import Shared

/// Asks one gateway, one request after the other, on connections that it keeps; nobody else.
final class AuditClient {
    /// Why a request was not answered.
    struct Failure: Error { let reason: String }

    private let loop: EventLoop
    private let addresses: [String]
    private let port: UInt16
    private let authority: String
    private let tls: TLSClient?
    /// Nanoseconds for an answer to begin, and between its pieces.
    private let patience: UInt64
    private var kept: ClientConnection?

    /// - Parameters:
    ///   - host: a name or an address, without brackets.
    ///   - authority: what `Host` says.
    init(host: String, port: UInt16, authority: String, tls: TLSClient?, patience: UInt64 = 30_000_000_000) throws {
        loop = try EventLoop()
        addresses = Self.resolve(host)
        self.port = port
        self.authority = authority
        self.tls = tls
        self.patience = patience
    }

    deinit { kept?.cancel() }

    /// The numeric addresses of a host, as the system says.
    static func resolve(_ host: String) -> [String] {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var first: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(host, nil, &hints, &first) == 0 else { return [] }
        defer { unsafe freeaddrinfo(first) }
        var found: [String] = []
        var next = unsafe first
        while let entry = unsafe next {
            var text = [CChar](repeating: 0, count: 64)
            let code = unsafe getnameinfo(
                entry.pointee.ai_addr, entry.pointee.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let address = String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
            if code == 0, !found.contains(address) { found.append(address) }
            unsafe next = entry.pointee.ai_next
        }
        return found
    }

    /// Sends a request and lets `audit` look at its answer.
    func ask(_ request: AuditRequest, fields: [String], _ audit: AnswerAudit) throws(Failure) -> AnswerAudit {
        if let connection = kept {
            kept = nil
            // It may just have been closed for idleness; then another one is asked.
            if let answered = try? ask(request, fields, audit, on: connection) { return answered }
            guard request.isSafe else { throw Failure(reason: "the connection ended, and it is not sent twice") }
        }
        return try ask(request, fields, audit, on: try connect())
    }

    private func ask(
        _ request: AuditRequest, _ fields: [String], _ audit: AnswerAudit, on connection: ClientConnection
    ) throws(Failure) -> AnswerAudit {
        let exchange = AuditExchange(audit)
        connection.begin(
            exchange, method: Method(name: request.method) ?? .other, connectDeadline: patience,
            responseDeadline: patience)
        connection.stream.append(head(request, fields))
        connection.stream.append(request.body)
        connection.endRequest()
        while exchange.outcome == nil { loop.turn() }
        if case .failure(let reason) = exchange.outcome {
            connection.cancel()
            throw Failure(reason: reason)
        }
        if connection.isReusable { kept = connection } else { connection.cancel() }
        return exchange.audit
    }

    private func connect() throws(Failure) -> ClientConnection {
        var reason = "its name is not known"
        for address in addresses {
            var inProgress = false
            let descriptor = unsafe postern_connect_tcp(address, port, &inProgress)
            guard descriptor >= 0 else {
                reason = unsafe String(cString: strerror(errno))
                continue
            }
            do throws(LoopError) {
                // A refusal of an address that is still being tried is told by the exchange.
                return try ClientConnection(
                    loop: loop, descriptor: descriptor, isConnecting: inProgress, security: tls?.makeSecurity())
            } catch {
                reason = "\(error)"
            }
        }
        throw Failure(reason: "no connection: \(reason)")
    }

    private func head(_ request: AuditRequest, _ fields: [String]) -> [UInt8] {
        var lines = ["\(request.method) \(request.target) HTTP/1.1", "Host: \(request.host ?? authority)"]
        lines += fields + request.fields
        lines += ["Accept-Encoding: identity", "Connection: TE", "TE: trailers"]
        if !request.body.isEmpty { lines.append("Content-Length: \(request.body.count)") }
        return Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
    }
}

/// One request of the audit under way.
private final class AuditExchange: ClientExchange {
    enum Outcome {
        case answered
        case failure(String)
    }
    var audit: AnswerAudit
    private(set) var outcome: Outcome?

    init(_ audit: AnswerAudit) { self.audit = audit }

    func responseWasInformed(on connection: ClientConnection) {
        connection.withHead { audit.head($0, connection.head) }
    }

    func responseDidBegin(on connection: ClientConnection) {
        connection.withHead { audit.head($0, connection.head) }
    }

    func responseBody(_ count: Int, on connection: ClientConnection) {
        connection.stream.input?.withBytes { audit.body($0.extracting(0..<count)) }
    }

    func responseTrailers(_ count: Int, on connection: ClientConnection) {
        connection.stream.input?.withBytes { audit.trailers($0.extracting(0..<count)) }
    }

    func responseDidEnd(on connection: ClientConnection) {
        audit.endBody()
        outcome = .answered
    }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        outcome = .failure(Self.reason(failure.kind))
    }

    private static func reason(_ kind: ClientFailure.Kind) -> String {
        switch kind {
        case .connect(let code): unsafe "no connection: \(String(cString: strerror(code)))"
        case .connectTimeout: "no connection in time"
        case .closed: "the answer was broken off"
        case .malformed(let fault): "the answer is malformed: \(fault)"
        case .timeout: "no answer in time"
        }
    }
}
