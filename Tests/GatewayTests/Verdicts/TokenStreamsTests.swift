import CLinux
import Testing

@testable import Gateway
@testable import Shared

@Suite("Streams and tunnels end with the token that opened them")
struct TokenStreamsTests {
    /// The clients, kept: one that is let go has left.
    private final class Clients { var all: [Peer] = [] }
    private let clients = Clients()
    private let gateway: TestGateway
    private let verify: PlayedService
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway(["x": "service: data\nauth: required", "open": "service: data"])
        verify = try gateway.service("verify")
        service = try gateway.service()
    }

    /// Asks with a token of so many seconds, and answers with the beginning of an answer.
    private func begin(
        _ response: String, token: String = "t", seconds: Int64? = 30, version: String = "1.1", fields: [String] = []
    ) throws -> (client: Peer, service: Peer) {
        let client = try gateway.client(tcpPair())
        clients.all.append(client)
        let lines = (["Host: api.example", "Authorization: Bearer \(token)"] + fields).joined(separator: "\r\n")
        client.send("GET /x HTTP/\(version)\r\n\(lines)\r\n\r\n")
        let (auth, _) = try gateway.seen(by: verify)
        let expires = seconds.map { "Postern-Expires: \(postern_realtime_s() + $0)\r\n" } ?? ""
        auth.send("HTTP/1.1 200 OK\r\nPostern-User: \(token)\r\n\(expires)Content-Length: 0\r\n\r\n")
        let (connection, _) = try gateway.seen(by: service)
        connection.send(response)
        gateway.settle()
        return (client, connection)
    }

    private let event = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"

    @Test(
        "an answer under way is broken off, never ended, when the token ends; its service is left",
        arguments: ["Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", "Content-Length: 10\r\n\r\nabc"])
    func stream(_ rest: String) throws {
        let (client, connection) = try begin("HTTP/1.1 200 OK\r\n" + rest)
        gateway.advance(by: 28 * second)
        #expect(gateway.worker.tokenStreams.count == 1)
        #expect(!connection.isClosed)
        gateway.advance(by: 3 * second)
        let text = client.receiveToEnd()
        #expect(text.hasSuffix(rest.hasPrefix("T") ? "abc\r\n" : "abc"))
        #expect(client.sawEnd || client.sawReset)
        #expect(connection.isClosed)
        #expect(gateway.worker.counters.tokenEnds == 1)
        #expect(gateway.worker.counters.completed == 0)
        #expect(gateway.worker.tokenStreams.count == 0)
        #expect(gateway.inFlight == 0)
    }

    @Test("where the connection's end is the answer's, the client sees a reset")
    func untilClose() throws {
        let (client, _) = try begin(event, version: "1.0")
        gateway.advance(by: 31 * second)
        _ = client.receiveToEnd()
        #expect(client.sawReset)
    }

    @Test("a tunnel is closed on both sides")
    func tunnel() throws {
        let (client, connection) = try begin(
            "HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
            fields: ["Connection: upgrade", "Upgrade: websocket"])
        client.send("ping")
        gateway.settle()
        for _ in 0..<5 { gateway.loop.turn(waitingAtMost: 20 * millisecond) }
        #expect(connection.receiveText() == "ping")
        gateway.advance(by: 31 * second)
        #expect(connection.isClosed)
        _ = client.receiveToEnd()
        #expect(client.sawEnd || client.sawReset)
        #expect(gateway.worker.counters.openTunnels == 0)
        #expect(gateway.worker.counters.tokenEnds == 1)
    }

    @Test("an answer that is whole when its head is read is never entered, and one that has ended is forgotten")
    func whole() throws {
        let (client, connection) = try begin("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        #expect(gateway.worker.tokenStreams.count == 1)
        connection.send("def")
        gateway.settle()
        #expect(gateway.worker.tokenStreams.count == 0)
        gateway.advance(by: 31 * second)
        #expect(gateway.worker.counters.tokenEnds == 0)
        #expect(client.receiveToEnd(patience: 0).hasSuffix("abcdef"))
        let (_, _) = try begin(ok("x"), token: "u")
        #expect(gateway.worker.tokenStreams.count == 0)
    }

    @Test("a token without an end, and a route without a token, end nothing")
    func endless() throws {
        let (_, connection) = try begin(event, seconds: nil)
        gateway.advance(by: 20 * second)
        connection.send("3\r\nabc\r\n")
        gateway.settle()
        gateway.advance(by: 20 * second)
        #expect(!connection.isClosed)
        let client = try gateway.client()
        client.send(get("/open"))
        let (other, _) = try gateway.seen(by: service)
        other.send(event)
        gateway.settle()
        #expect(gateway.worker.tokenStreams.count == 1)
        #expect(gateway.worker.counters.tokenEnds == 0)
    }

    @Test("an exchange that is used again is not ended by the token of the one before")
    func usedAgain() throws {
        for token in ["a", "b", "c"] {
            let (client, connection) = try begin(event, token: token, seconds: token == "a" ? 5 : 3600)
            connection.send("0\r\n\r\n")
            gateway.settle()
            #expect(client.receiveToEnd(patience: 0).hasSuffix("0\r\n\r\n"))
        }
        let (_, connection) = try begin(event, token: "d", seconds: 3600)
        gateway.advance(by: 20 * second)
        #expect(!connection.isClosed)
        #expect(gateway.worker.counters.tokenEnds == 0)
    }

    @Test("an upload whose token ends gets 401, and its service is left")
    func upload() throws {
        let client = try gateway.client(tcpPair())
        clients.all.append(client)
        client.send(
            "POST /x HTTP/1.1\r\nHost: api.example\r\nAuthorization: Bearer t\r\nContent-Length: 900000\r\n\r\nabc")
        let (auth, _) = try gateway.seen(by: verify)
        auth.send(
            "HTTP/1.1 200 OK\r\nPostern-Expires: \(postern_realtime_s() + 20)\r\nContent-Length: 0\r\n\r\n")
        let (connection, _) = try gateway.seen(by: service)
        gateway.advance(by: 15 * second)
        client.send(String(repeating: "x", count: 20_000))
        gateway.settle()
        #expect(gateway.worker.tokenStreams.count == 1)
        gateway.advance(by: 6 * second)
        let answer = client.receiveToEnd()
        #expect(answer.hasPrefix("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer error=\"invalid_token\"\r\n"))
        #expect(connection.isClosed)
        #expect(gateway.worker.tokenStreams.count == 0)
        #expect(gateway.inFlight == 0)
    }

    @Test("an answer that begins after the token's end has five seconds to come whole", arguments: [4, 6])
    func late(seconds: UInt64) throws {
        let (client, connection) = try begin("", seconds: 2)
        gateway.advance(by: 3 * second)
        connection.send("HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nabc")
        gateway.settle()
        gateway.advance(by: seconds * second)
        connection.send("def")
        gateway.settle()
        #expect(client.receiveToEnd(patience: 0).hasSuffix(seconds < 5 ? "abcdef" : "abc"))
        #expect(gateway.worker.counters.tokenEnds == (seconds < 5 ? 0 : 1))
    }

    /// Answers each question that has come, by its token; returns how many there were.
    private func judge(_ status: (_ token: String) -> String?) throws -> Int {
        var count = 0
        gateway.settle()
        while let auth = verify.take() {
            for question in auth.receiveText().split(separator: "GET /verify") {
                let token = try #require(question.firstMatch(of: /Bearer (\w+)/)).1
                count += 1
                guard let status = status(String(token)) else { continue }
                auth.send(
                    "HTTP/1.1 \(status) X\r\nPostern-User: \(token)\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
            }
            auths.all.append(auth)
            gateway.settle()
        }
        return count
    }

    private let auths = Clients()

    private func revoke(_ user: String?) {
        gateway.worker.revocationDidCome(.revoked(user: user.map { Array($0.utf8) }))
        gateway.settle()
    }

    @Test("a revocation has the streams of its user asked about again: who is refused ends, the others are not asked")
    func revoked() throws {
        let all = try ["a", "b", "c"].map { try begin(event, token: $0, seconds: 3600) }
        gateway.worker.table.verify?.closeIdle()
        revoke("b")
        #expect(try judge { $0 == "b" ? "401" : "200" } == 1)
        #expect(all.map(\.service.isClosed) == [false, true, false])
        #expect(gateway.worker.tokenStreams.count == 2)
        #expect(gateway.worker.counters.revokedStreams == 1)
        #expect(gateway.worker.counters.tokenEnds == 0)
    }

    @Test("a revocation of everybody's has all of them asked about, and those that are good go on")
    func revokedAll() throws {
        let all = try ["a", "b", "c"].map { try begin(event, token: $0, seconds: 3600) }
        gateway.worker.table.verify?.closeIdle()
        revoke(nil)
        #expect(try judge { $0 == "b" ? "200" : "401" } == 3)
        #expect(all.map(\.service.isClosed) == [true, false, true])
        // What was found good is not asked about again.
        gateway.advance(by: 5 * second)
        #expect(verify.take() == nil)
        #expect(gateway.worker.counters.revokedStreams == 2)
    }

    @Test("many streams are asked about, no more than so many at once")
    func many() throws {
        let all = try (0..<100).map { try begin(event, token: "t\($0)", seconds: 3600) }
        gateway.worker.table.verify?.closeIdle()
        gateway.worker.revocationDidCome(.revoked(user: nil))
        gateway.settle()
        let first = gateway.worker.table.verify?.inFlight ?? 0
        #expect(first == 64)
        #expect(try judge { _ in "401" } == 100)
        #expect(all.allSatisfy { $0.service.isClosed })
        #expect(gateway.worker.counters.revokedStreams == 100)
    }

    @Test("a stream whose token cannot be asked about goes on, and is asked about again until it can")
    func cannotTell() throws {
        let (_, connection) = try begin(event, token: "a", seconds: 3600)
        gateway.worker.table.verify?.closeIdle()
        revoke("a")
        #expect(try judge { _ in "503" } == 1)
        #expect(!connection.isClosed)
        gateway.worker.table.verify?.closeIdle()
        gateway.advance(by: 1100 * millisecond)
        #expect(try judge { _ in "401" } == 1)
        #expect(connection.isClosed)
    }

    @Test("an answer that begins to stream after the revocation is asked about then")
    func lateStream() throws {
        let (client, connection) = try begin("", token: "a", seconds: 3600)
        gateway.worker.table.verify?.closeIdle()
        revoke("a")
        #expect(try judge { _ in "401" } == 0)
        connection.send(event)
        #expect(try judge { _ in "401" } == 1)
        #expect(connection.isClosed)
        _ = client.receiveToEnd()
    }

    @Test("a stream that ends while it is asked about ends nothing else")
    func goneMeanwhile() throws {
        let (gone, goneService) = try begin(event, token: "a", seconds: 3600)
        gateway.worker.table.verify?.closeIdle()
        revoke("a")
        gone.close()
        gateway.settle()
        let auth = try verify.accept()
        let (_, other) = try begin(event, token: "b", seconds: 3600)
        auth.send("HTTP/1.1 401 X\r\nContent-Length: 0\r\n\r\n")
        gateway.settle()
        #expect(!other.isClosed)
        #expect(gateway.worker.counters.revokedStreams == 0)
        withExtendedLifetime(goneService) {}
    }
}
