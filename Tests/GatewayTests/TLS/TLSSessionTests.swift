// Unsafe code: socket pairs; bytes copied from a buffer.
import Glibc
import Testing

@testable import Gateway
@testable import Shared

/// Notes what one side is told; takes all input unless told otherwise.
private final class Side: StreamDelegate {
    var received: [UInt8] = []
    var isConnected = false
    var hasEnded = false
    var failure: LoopError?
    var takesAll = true

    func streamDidConnect(_ stream: Stream) { isConnected = true }
    func streamDidRead(_ stream: Stream) {
        guard takesAll else { return stream.wantsInput = false }
        stream.input?.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe received += $0 } }
        stream.consume(stream.inputCount)
    }
    func streamDidEnd(_ stream: Stream) { hasEnded = true }
    func streamDidFail(_ stream: Stream, _ error: LoopError) { failure = error }
    var text: String { String(decoding: received, as: UTF8.self) }
}

/// Two streams on one loop, each with OpenSSL's layer.
private struct Pair {
    let loop: EventLoop
    let server: Stream
    let client: Stream
    let serverSide = Side()
    let clientSide = Side()
    let serverSession: TLSSession
    let clientSession: TLSSession

    init(_ serverTLS: TLSServer, _ clientTLS: TLSClient, _ counters: TLSCounters, on loop: EventLoop? = nil) throws {
        let loop = try loop ?? EventLoop()
        self.loop = loop
        let (descriptor, other) = try rawPair()
        serverSession = serverTLS.makeSecurity(counting: counters)
        clientSession = clientTLS.makeSecurity()
        server = try Stream(loop: loop, descriptor: descriptor, security: serverSession)
        client = try Stream(loop: loop, descriptor: other, isConnecting: true, security: clientSession)
        server.delegate = serverSide
        client.delegate = clientSide
    }

    func settle(_ turns: Int = 12) {
        for _ in 0..<turns { loop.turn(waitingAtMost: 0) }
    }

    func close() {
        server.close()
        client.close()
    }
}

private func rawPair() throws -> (Int32, Int32) {
    var ends: [Int32] = [-1, -1]
    let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
    try #require(unsafe socketpair(AF_UNIX, type, 0, &ends) == 0)
    return (ends[0], ends[1])
}

@Suite("TLS on a connection")
struct TLSSessionTests {
    private let certificates: TestCertificates
    private let tickets: TLSTickets
    private let counters = TLSCounters()

    init() throws {
        certificates = try TestCertificates()
        try certificates.make("server", ["DNS:api.example", "DNS:*.wild.example", "IP:127.0.0.1"])
        tickets = try #require(TLSTickets())
    }

    private func server(
        _ names: [String] = ["server"], clients: TLSServer.ClientCertificates? = nil, minimum: TLSVersion = .tls12
    ) throws -> TLSServer {
        try TLSServer(
            identities: names.map { try certificates.identity($0) }, minimumVersion: minimum, clients: clients,
            kernel: false, tickets: tickets)
    }

    private func client(
        _ name: String = "api.example", authorities: String? = "ca.pem", identity: String? = nil,
        minimum: TLSVersion = .tls12
    ) throws -> TLSClient {
        try TLSClient(
            serverName: name, authorities: try authorities.map { try certificates.bytes($0) },
            identity: try identity.map { try certificates.identity($0) }, minimumVersion: minimum)
    }

    @Test("both sides are told of the handshake, and what each writes the other reads")
    func exchange() throws {
        let pair = try Pair(server(), client(), counters)
        pair.client.append("question")
        pair.settle()
        #expect(pair.serverSide.isConnected && pair.clientSide.isConnected)
        #expect(pair.serverSide.text == "question")
        pair.server.append("answer")
        pair.settle()
        #expect(pair.clientSide.text == "answer")
        #expect(counters.handshakes == 1 && counters.resumed == 0)
        // Nothing is under way: nobody holds a buffer.
        #expect(pair.loop.buffers.lent == 0)
        pair.close()
    }

    @Test("a megabyte each way at once comes whole")
    func bulk() throws {
        let pair = try Pair(server(), client(), counters)
        let bytes = pattern(1 << 20)
        pair.client.append(bytes)
        pair.server.append(bytes)
        for _ in 0..<20_000 where pair.serverSide.received.count + pair.clientSide.received.count < 2 << 20 {
            pair.loop.turn(waitingAtMost: millisecond)
        }
        #expect(areSame(pair.serverSide.received, bytes) && areSame(pair.clientSide.received, bytes))
        #expect(pair.loop.buffers.lent == 0)
        pair.close()
    }

    @Test("records that came while reading was paused are read when it goes on")
    func paused() throws {
        let pair = try Pair(server(), client(), counters)
        pair.settle()
        pair.serverSide.takesAll = false
        pair.client.append("one")
        pair.settle()
        pair.client.append("two")
        pair.settle()
        #expect(pair.serverSide.received.isEmpty && !pair.server.wantsInput)
        pair.serverSide.takesAll = true
        pair.server.wantsInput = true
        pair.client.append("three")
        pair.settle()
        #expect(pair.serverSide.text == "onetwothree")
        pair.close()
    }

    @Test("an end is announced; one without announcement is told apart", arguments: [true, false])
    func ends(_ isOrderly: Bool) throws {
        let pair = try Pair(server(), client(), counters)
        pair.client.append("last")
        pair.settle()
        if isOrderly { pair.client.shutdownWriting() } else { shutdown(pair.client.descriptor, Int32(SHUT_WR)) }
        pair.settle()
        #expect(pair.serverSide.text == "last" && pair.serverSide.hasEnded)
        #expect(pair.server.isTruncated == !isOrderly)
        // The other way is open still.
        if isOrderly {
            pair.server.append("reply")
            pair.settle()
            #expect(pair.clientSide.text == "reply")
        }
        pair.close()
    }

    @Test("who closes says so")
    func closing() throws {
        let pair = try Pair(server(), client(), counters)
        pair.settle()
        pair.server.close()
        pair.settle()
        #expect(pair.clientSide.hasEnded && !pair.client.isTruncated)
        pair.close()
    }

    @Test(
        "a server of another name, or of an authority that is not known, is refused before a byte is sent",
        arguments: [("other.example", true), ("api.example", false), ("a.b.wild.example", true), ("127.0.0.2", true)])
    func verification(_ name: String, _ isKnown: Bool) throws {
        let pair = try Pair(server(), client(name, authorities: isKnown ? "ca.pem" : nil), counters)
        pair.client.append("secret")
        pair.settle()
        #expect(pair.clientSide.failure == LoopError(call: "handshake", code: EPROTO))
        #expect(!pair.clientSide.isConnected && pair.serverSide.received.isEmpty)
        #expect(pair.clientSession.fault == .certificate && !pair.clientSession.problem.isEmpty)
        pair.close()
    }

    @Test("a server of the right name or address is taken", arguments: ["api.example", "a.wild.example", "127.0.0.1"])
    func rightName(_ name: String) throws {
        let pair = try Pair(server(), client(name), counters)
        pair.settle()
        #expect(pair.clientSide.isConnected)
        pair.close()
    }

    @Test("the certificate is chosen by the name that the client asks for")
    func choice() throws {
        try certificates.make("other", ["DNS:other.example"])
        let both = try server(["server", "other"])
        for name in ["api.example", "other.example"] {
            let pair = try Pair(both, client(name), counters)
            pair.settle()
            #expect(pair.clientSide.isConnected, "\(name)")
            pair.close()
        }
    }

    @Test("the next connection resumes the session of the one before, until the tickets' keys have gone")
    func resumption() throws {
        let (serverTLS, clientTLS) = (try server(), try client())
        func wasResumed() throws -> Bool {
            let pair = try Pair(serverTLS, clientTLS, counters)
            pair.client.append("x")
            pair.settle()
            #expect(pair.serverSide.text == "x" && pair.clientSide.isConnected)
            defer { pair.close() }
            return pair.clientSession.wasResumed && pair.serverSession.wasResumed
        }
        #expect(try !wasResumed())
        #expect(try wasResumed())
        // A ticket is used once (RFC 8446 appendix C.4): each resumption brings the next.
        #expect(try wasResumed())
        tickets.rotate()
        tickets.rotate()
        #expect(try wasResumed())
        for _ in 0..<3 { tickets.rotate() }
        #expect(try !wasResumed())
        #expect(counters.handshakes == 5 && counters.resumed == 3)
    }

    @Test("tickets that come to a connection at rest are no answer that nobody asked for")
    func quiet() throws {
        let pair = try Pair(server(), client(), counters)
        for _ in 0..<200 where !pair.clientSide.isConnected { pair.loop.turn(waitingAtMost: 0) }
        #expect(pair.client.isQuiet)
        pair.client.wantsInput = false
        pair.server.append("stray")
        pair.settle()
        #expect(!pair.client.isQuiet)
        pair.close()
    }

    @Test("a client's certificate is asked for, verified, and its subject told")
    func clientCertificate() throws {
        try certificates.make("alice", subject: "/C=CH/O=Example, Inc./CN=Älice")
        let policy = TLSServer.ClientCertificates(authorities: try certificates.bytes("ca.pem"), isRequired: true)
        let pair = try Pair(server(clients: policy), client(identity: "alice"), counters)
        pair.settle()
        #expect(pair.serverSide.isConnected)
        let subject = try #require(pair.serverSession.peerSubject)
        #expect(String(decoding: subject, as: UTF8.self) == #"CN=\C3\84lice,O=Example\, Inc.,C=CH"#)
        pair.close()
    }

    @Test("without a certificate, or with one of another authority, a client is refused where one is required")
    func refusedClient() throws {
        try certificates.run(
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout stranger.key -out stranger.pem "
                + "-days 2 -subj /CN=stranger")
        let policy = TLSServer.ClientCertificates(authorities: try certificates.bytes("ca.pem"), isRequired: true)
        let serverTLS = try server(clients: policy)
        for identity in [nil, "stranger"] {
            let pair = try Pair(serverTLS, client(identity: identity), counters)
            pair.client.append("request")
            pair.settle()
            #expect(pair.serverSide.failure != nil && pair.serverSide.received.isEmpty)
            pair.close()
        }
        #expect(counters.failures == [.certificate: 2] && counters.handshakes == 0)
    }

    @Test("a session is not resumed under another policy for clients")
    func policies() throws {
        let clientTLS = try client()
        let plain = try Pair(server(), clientTLS, counters)
        plain.settle()
        plain.close()
        let policy = TLSServer.ClientCertificates(authorities: try certificates.bytes("ca.pem"), isRequired: true)
        let guarded = try Pair(server(clients: policy), clientTLS, counters)
        guarded.settle()
        #expect(!guarded.serverSide.isConnected && counters.failures == [.certificate: 1])
        guarded.close()
    }

    @Test(
        "what is no TLS is closed and counted",
        arguments: zip(
            ["GET / HTTP/1.1\r\nHost: a\r\n\r\n", "\u{0}garbage garbage garbage"], [TLSFault.http, .protocol]))
    func garbage(_ bytes: String, _ fault: TLSFault) throws {
        let loop = try EventLoop()
        let (descriptor, other) = try rawPair()
        let side = Side()
        let stream = try Stream(loop: loop, descriptor: descriptor, security: server().makeSecurity(counting: counters))
        stream.delegate = side
        let peer = Peer(other)
        peer.send(bytes)
        for _ in 0..<12 { loop.turn(waitingAtMost: 0) }
        #expect(stream.isClosed && side.failure == LoopError(call: "handshake", code: EPROTO))
        #expect(counters.failures == [fault: 1])
    }

    @Test("a key that is not the certificate's, and texts that are no PEM, are told apart")
    func material() throws {
        try certificates.make("other", ["DNS:other.example"])
        func problem(_ certificate: String, _ key: String) throws -> TLSMaterialError.What? {
            let identity = TLSIdentity(
                certificate: try certificates.bytes(certificate), key: try certificates.bytes(key))
            do throws(TLSServerError) {
                _ = try TLSServer(
                    identities: [identity], minimumVersion: .tls12, clients: nil, kernel: false, tickets: tickets)
                return nil
            } catch {
                return error.error.what
            }
        }
        #expect(try problem("server.pem", "server.key") == nil)
        #expect(try problem("server.pem", "other.key") == .mismatch)
        #expect(try problem("server.key", "server.key") == .certificate)
        #expect(try problem("server.pem", "server.pem") == .key)
    }
}
