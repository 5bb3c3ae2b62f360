import Testing

@testable import Gateway
@testable import Shared

@Suite("Asking for verdicts")
struct AuthenticatorTests {
    private let gateway: TestGateway
    private let verify: PlayedService
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway(["x": "service: data\nauth: required"])
        verify = try gateway.service("verify")
        service = try gateway.service()
    }

    /// The clients, kept: one that is let go has left.
    private final class Clients { var all: [Peer] = [] }
    private let clients = Clients()

    @discardableResult
    private func ask(_ token: String) throws -> Peer {
        let client = try gateway.client()
        clients.all.append(client)
        client.send(get("/x", "Authorization: Bearer \(token)", "Connection: close"))
        gateway.settle()
        return client
    }

    private func verdict(_ status: Int = 200, _ age: Int = 60) -> String {
        "HTTP/1.1 \(status) X\r\nPostern-User: 7\r\nCache-Control: max-age=\(age)\r\nContent-Length: 0\r\n\r\n"
    }

    /// Lets the service answer each request that reached it; returns how many did.
    private func serve() throws -> Int {
        var count = 0
        gateway.settle()
        while let connection = service.take() {
            _ = connection.receive()
            connection.send(ok("x", "Connection: close"))
            gateway.settle()
            count += 1
        }
        return count
    }

    @Test("many who wait for one token are one question")
    func oneQuestion() throws {
        let clients = try (0..<20).map { _ in try ask("t") }
        let other = try ask("u")
        let first = try verify.accept()
        let second = try verify.accept()
        #expect(verify.take() == nil)
        #expect(first.receiveText().contains("Bearer t\r\n"))
        #expect(second.receiveText().contains("Bearer u\r\n"))
        first.send(verdict())
        #expect(try serve() == 20)
        for client in clients { #expect(try Answer(client.receiveText()).status == 200) }
        #expect(other.receiveText().isEmpty)
        second.send(verdict(401))
        gateway.settle()
        #expect(try Answer(other.receiveText()).status == 401)
    }

    @Test("a verdict is asked again when its time has passed")
    func expiry() throws {
        let first = try ask("t")
        let connection = try verify.accept()
        connection.send(verdict(200, 10))
        #expect(try serve() == 1)
        #expect(try Answer(first.receiveText()).status == 200)
        _ = connection.receive()
        gateway.advance(by: 9 * second)
        try ask("t")
        #expect(connection.receiveText().isEmpty)
        #expect(try serve() == 1)
        gateway.advance(by: 2 * second)
        try ask("t")
        #expect(connection.receiveText().contains("Bearer t\r\n"))
        #expect(gateway.worker.authenticator.hits == 1)
        #expect(gateway.worker.authenticator.misses == 2)
    }

    @Test("a refusal is remembered too, and drives out no good token")
    func refusals() throws {
        try ask("good")
        let connection = try verify.accept()
        connection.send(verdict())
        #expect(try serve() == 1)
        try ask("bad")
        connection.send(verdict(401))
        gateway.settle()
        _ = connection.receive()
        for _ in 0..<3 { #expect(try Answer(ask("bad").receiveText()).status == 401) }
        try ask("good")
        #expect(try serve() == 1)
        #expect(connection.receiveText().isEmpty)
    }

    @Test("a verdict that may not be kept is for those alone who wait")
    func notKept() throws {
        let clients = try [ask("t"), ask("t")]
        let connection = try verify.accept()
        connection.send("HTTP/1.1 200 OK\r\nPostern-User: 7\r\nContent-Length: 0\r\n\r\n")
        #expect(try serve() == 2)
        for client in clients { #expect(try Answer(client.receiveText()).status == 200) }
        _ = connection.receive()
        try ask("t")
        #expect(connection.receiveText().contains("Bearer t\r\n"))
    }

    @Test(
        "an auth service that does not say keeps the gate shut, and is asked anew by the next",
        arguments: [
            "HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 302 X\r\nContent-Length: 0\r\n\r\n", "garbage\r\n",
        ])
    func unavailable(response: String) throws {
        let client = try ask("t")
        let connection = try verify.accept()
        connection.send(response)
        gateway.settle()
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 503)
        #expect(answer["WWW-Authenticate"] == nil)
        #expect(gateway.worker.authenticator.known("Bearer t") == nil)
        connection.close()
        gateway.settle()
        try ask("t")
        #expect(try verify.accept().receiveText().contains("Bearer t\r\n"))
        #expect(service.take() == nil)
    }

    @Test("a question that is broken, as by a restart, is asked again within its two seconds, three times at most")
    func broken() throws {
        let client = try ask("t")
        for _ in 0..<2 {
            let connection = try verify.accept()
            #expect(connection.receiveText().contains("Bearer t\r\n"))
            connection.send("HTTP/1.1 2")
            connection.close()
            gateway.settle()
        }
        let last = try verify.accept()
        last.send(verdict())
        #expect(try serve() == 1)
        #expect(try Answer(client.receiveText()).status == 200)

        let unlucky = try ask("u")
        _ = last.receive()
        last.close()
        gateway.settle()
        for _ in 0..<2 {
            try verify.accept().close()
            gateway.settle()
        }
        #expect(try Answer(unlucky.receiveText()).status == 503)
        #expect(verify.take() == nil)
        #expect(gateway.inFlight == 0)
    }

    @Test("all questions to an auth service that restarts, whose socket is kept, have two seconds and no more")
    func restarting() throws {
        let client = try ask("t")
        try verify.accept().close()
        gateway.advance(by: 1500 * millisecond)
        // It is in the backlog of the one that comes.
        let connection = try verify.accept()
        #expect(connection.receiveText().contains("Bearer t\r\n"))
        #expect(client.receiveText().isEmpty)
        gateway.advance(by: 600 * millisecond)
        #expect(try Answer(client.receiveText()).status == 503)
    }

    @Test("an auth service that is silent keeps the gate shut after two seconds")
    func silent() throws {
        let client = try ask("t")
        let connection = try verify.accept()
        gateway.advance(by: second)
        #expect(client.receiveText().isEmpty)
        gateway.advance(by: 2 * second)
        #expect(try Answer(client.receiveText()).status == 503)
        #expect(connection.isClosed)
        #expect(gateway.inFlight == 0)
    }

    @Test("silence on a kept connection is not asked about again: it is two seconds there too")
    func silentOnKept() throws {
        try ask("a")
        let kept = try verify.accept()
        kept.send(verdict())
        #expect(try serve() == 1)
        _ = kept.receive()
        let client = try ask("b")
        #expect(kept.receiveText().contains("Bearer b\r\n"))
        gateway.advance(by: 3 * second)
        #expect(try Answer(client.receiveText()).status == 503)
        #expect(verify.take() == nil)
        #expect(gateway.inFlight == 0)
    }

    @Test("a kept connection that the auth service had closed is no answer: it is asked again on a fresh one")
    func staleConnection() throws {
        try ask("a")
        let kept = try verify.accept()
        kept.send(verdict())
        #expect(try serve() == 1)
        _ = kept.receive()
        let client = try ask("b")
        #expect(kept.receiveText().contains("Bearer b\r\n"))
        kept.close()
        gateway.settle()
        let fresh = try verify.accept()
        #expect(fresh.receiveText().contains("Bearer b\r\n"))
        fresh.send(verdict())
        #expect(try serve() == 1)
        #expect(try Answer(client.receiveText()).status == 200)
        #expect(gateway.inFlight == 0)
    }

    @Test("of many who wait, those who left are passed over")
    func someLeft() throws {
        let clients = try (0..<6).map { _ in try ask("t") }
        for index in [0, 3, 5] { clients[index].close() }
        gateway.settle()
        try verify.accept().send(verdict())
        #expect(try serve() == 3)
        for index in [1, 2, 4] { #expect(try Answer(clients[index].receiveText()).status == 200) }
        #expect(gateway.inFlight == 0)
    }

    @Test("a verdict that comes too late is never taken for one on another's token")
    func lateVerdict() throws {
        let gone = try ask("good")
        let first = try verify.accept()
        gone.close()
        gateway.settle()
        // The exchange serves another now, and waits for a verdict again.
        let other = try ask("bad")
        let second = try verify.accept()
        first.send(verdict())
        #expect(try serve() == 0)
        #expect(other.receiveText().isEmpty)
        second.send(verdict(401))
        gateway.settle()
        #expect(try Answer(other.receiveText()).status == 401)
    }

    @Test("after a reload that names another auth service nothing that the former says is kept")
    func reload() throws {
        let early = try ask("t")
        let former = try verify.accept()
        try gateway.folder.write("listen: 127.0.0.1:0\nverify: unix:other.sock\n", to: "postern.yaml")
        let other = try gateway.service("other")
        try gateway.reload()
        // The same token by the new configuration is another question.
        let late = try ask("t")
        let asked = try other.accept()
        #expect(asked.receiveText().contains("Bearer t\r\n"))
        former.send(verdict())
        #expect(try serve() == 1)
        #expect(try Answer(early.receiveText()).status == 200)
        #expect(gateway.worker.authenticator.known("Bearer t") == nil)
        asked.send(verdict(401))
        gateway.settle()
        #expect(try Answer(late.receiveText()).status == 401)
    }

    @Test("a reload that leaves the auth service as it is keeps what was judged")
    func reloadKeeps() throws {
        try ask("t")
        try verify.accept().send(verdict())
        #expect(try serve() == 1)
        try gateway.reload()
        #expect(gateway.worker.authenticator.known("Bearer t") != nil)
    }

    @Test("more questions at once than are allowed keep the gate shut for the rest, but not for who asks the same")
    func questionLimit() throws {
        gateway.worker.authenticator.questionLimit = 2
        let one = try ask("1")
        let two = try ask("2")
        #expect(try Answer(ask("3").receiveText()).status == 503)
        let sameAsOne = try ask("1")
        try verify.accept().send(verdict())
        #expect(try serve() == 2)
        for client in [one, sameAsOne] { #expect(try Answer(client.receiveText()).status == 200) }
        #expect(two.receiveText().isEmpty)
    }
}

extension Authenticator {
    func known(_ credentials: String) -> Verdict? {
        let bytes = Array(credentials.utf8)
        return known(unsafe bytes.span.bytes)
    }
}
