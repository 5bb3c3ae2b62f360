import Testing

@testable import Gateway
@testable import Shared

@Suite("Hearing of revocations")
struct RevocationListenerTests {
    private let gateway: TestGateway
    private let verify: PlayedService
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway(["x": "service: data\nauth: required"])
        try gateway.folder.write(
            "listen: 127.0.0.1:0\nverify: unix:verify.sock\nverdict_grace: 5s\n", to: "postern.yaml")
        verify = try gateway.service("verify")
        service = try gateway.service()
        try gateway.reload()
        gateway.worker.listen(nil)
        gateway.settle()
    }

    private final class Kept { var all: [Peer] = [] }
    private let kept = Kept()

    private static let head =
        "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func say(_ text: String, on stream: Peer) {
        stream.send("\(String(text.utf8.count, radix: 16))\r\n\(text)\r\n")
        gateway.settle()
    }

    /// Takes the stream, and begins it.
    private func stream() throws -> Peer {
        let stream = try verify.accept()
        #expect(
            stream.receiveText()
                == "GET /revocations HTTP/1.1\r\nHost: auth\r\nAccept: text/event-stream\r\n\r\n")
        stream.send(Self.head)
        say("event: begin\ndata: {}\n\n", on: stream)
        return stream
    }

    /// Asks with a token; whether the auth service was asked. Its answer is `status`, the user's name the token's.
    private func ask(_ token: String, _ status: Int = 200, age: Int = 300) throws -> (wasAsked: Bool, status: Int) {
        let client = try gateway.client()
        client.send(get("/x", "Authorization: Bearer \(token)", "Connection: close"))
        gateway.settle()
        var wasAsked = false
        if let question = try question() {
            wasAsked = true
            question.send(
                "HTTP/1.1 \(status) X\r\nPostern-User: \(token)\r\nCache-Control: max-age=\(age)\r\n"
                    + "Content-Length: 0\r\n\r\n")
            gateway.settle()
        }
        serve()
        return (wasAsked, try Answer(client.receiveText()).status)
    }

    private func serve() {
        while let connection = service.take() {
            _ = connection.receive()
            connection.send(ok("x", "Connection: close"))
            gateway.settle()
        }
    }

    /// The connection on which a question has come.
    private func question() throws -> Peer? {
        if let new = verify.take() { kept.all.append(new) }
        return kept.all.last { $0.receiveText().contains("GET /verify") }
    }

    @Test("what a user has is asked about again when it is revoked, what others have is not")
    func revoked() throws {
        let stream = try stream()
        #expect(try ask("a") == (true, 200))
        #expect(try ask("b") == (true, 200))
        #expect(try ask("a") == (false, 200))
        say("event: revoked\ndata: {\"user\":\"a\"}\n\n", on: stream)
        #expect(try ask("b") == (false, 200))
        #expect(try ask("a", 401) == (true, 401))
        #expect(try ask("a") == (false, 401))
        #expect(gateway.worker.counters.revocations == 1)
        #expect(gateway.worker.authenticator.forgotten == 1)
    }

    @Test("everything is asked about again when nobody is named, refusals too, and when a stream begins")
    func everybody() throws {
        let stream = try stream()
        for token in ["a", "b"] { #expect(try ask(token) == (true, 200)) }
        #expect(try ask("c", 401) == (true, 401))
        say("event: revoked\ndata: {}\n\n", on: stream)
        for token in ["a", "b", "c"] { #expect(try ask(token) == (true, 200)) }
        stream.close()
        gateway.settle()
        gateway.advance(by: 100 * millisecond)
        let next = try self.stream()
        for token in ["a", "b", "c"] { #expect(try ask(token) == (true, 200)) }
        for token in ["a", "b", "c"] { #expect(try ask(token) == (false, 200)) }
        withExtendedLifetime(next) {}
    }

    @Test("an answer to a question that was asked before the revocation is neither used nor kept")
    func crossing() throws {
        let stream = try stream()
        let client = try gateway.client()
        client.send(get("/x", "Authorization: Bearer a", "Connection: close"))
        gateway.settle()
        let question = try #require(try self.question())
        say("event: revoked\ndata: {\"user\":\"a\"}\n\n", on: stream)
        let verdict = "Postern-User: a\r\nCache-Control: max-age=60\r\nContent-Length: 0\r\n\r\n"
        question.send("HTTP/1.1 200 X\r\n" + verdict)
        gateway.settle()
        #expect(service.take() == nil)
        #expect(client.receiveText().isEmpty)
        let again = try #require(try self.question())
        again.send("HTTP/1.1 401 X\r\n" + verdict)
        gateway.settle()
        #expect(try Answer(client.receiveText()).status == 401)

        // One about somebody else is.
        let other = try gateway.client()
        other.send(get("/x", "Authorization: Bearer b", "Connection: close"))
        gateway.settle()
        let asked = try #require(try self.question())
        say("event: revoked\ndata: {\"user\":\"a\"}\n\n", on: stream)
        asked.send("HTTP/1.1 200 X\r\nPostern-User: b\r\nContent-Length: 0\r\n\r\n")
        gateway.settle()
        serve()
        #expect(try Answer(other.receiveText()).status == 200)
    }

    @Test("a verdict outlives the last sign of life by the grace, and no more")
    func grace() throws {
        let stream = try stream()
        #expect(try ask("a") == (true, 200))
        for _ in 0..<10 {
            gateway.advance(by: second)
            say(":\n\n", on: stream)
        }
        #expect(try ask("a") == (false, 200))
        stream.close()
        gateway.settle()
        gateway.advance(by: 4900 * millisecond)
        // The other attempts to listen are left without an answer.
        while let attempt = verify.take() { kept.all.append(attempt) }
        #expect(try ask("a") == (false, 200))
        gateway.advance(by: 200 * millisecond)
        #expect(try ask("a") == (true, 200))
        // Its own age is the grace of one that is newer than what was heard.
        gateway.advance(by: 4900 * millisecond)
        #expect(try ask("a") == (false, 200))
        gateway.advance(by: 200 * millisecond)
        #expect(try ask("a", 401) == (true, 401))
        #expect(gateway.worker.authenticator.unheard == 2)
    }

    @Test("a stream that is silent, though it is not closed, is as good as none, and another is tried")
    func silence() throws {
        let stream = try stream()
        gateway.advance(by: 4 * second)
        // Half a line is no sign of life.
        say(":", on: stream)
        #expect(!stream.isClosed)
        gateway.advance(by: 1100 * millisecond)
        #expect(stream.isClosed)
        gateway.advance(by: 100 * millisecond)
        let next = try self.stream()
        #expect(gateway.worker.counters.revocationStreams == 2)
        withExtendedLifetime(next) {}
    }

    @Test(
        "what is no such stream ends it, and everything is forgotten",
        arguments: [
            "event: revoked\ndata: {\"user\":1}\n\n", "event: revoked\ndata: nonsense\n\n", "event: revoked\n\n",
            String(repeating: "x", count: 5000),
        ])
    func nonsense(text: String) throws {
        let stream = try stream()
        #expect(try ask("a") == (true, 200))
        say(text, on: stream)
        #expect(stream.isClosed)
        #expect(try ask("a") == (true, 200))
        gateway.advance(by: 100 * millisecond)
        withExtendedLifetime(try self.stream()) {}
    }

    @Test("an event of a later version changes nothing")
    func unknown() throws {
        let stream = try stream()
        #expect(try ask("a") == (true, 200))
        say("event: weather\ndata: fine\n\n", on: stream)
        #expect(try ask("a") == (false, 200))
        #expect(!stream.isClosed)
    }

    @Test(
        "an auth service without the stream is asked about each token again after the grace, and seldom for a stream",
        arguments: ["HTTP/1.1 404 X\r\nContent-Length: 0\r\n\r\n", "HTTP/1.1 200 X\r\nContent-Length: 0\r\n\r\n"])
    func absent(response: String) throws {
        let attempt = try verify.accept()
        _ = attempt.receive()
        attempt.send(response)
        gateway.settle()
        #expect(try ask("a") == (true, 200))
        gateway.advance(by: 4 * second)
        #expect(try ask("a") == (false, 200))
        gateway.advance(by: 2 * second)
        #expect(try ask("a") == (true, 200))
        #expect(verify.take() == nil)
        gateway.advance(by: 25 * second)
        withExtendedLifetime(try stream()) {}
    }

    @Test("a reload that names another auth service leaves the one stream and opens the other")
    func reload() throws {
        let stream = try stream()
        #expect(try ask("a") == (true, 200))
        try gateway.reload()
        #expect(try ask("a") == (false, 200))
        #expect(!stream.isClosed)
        let other = try gateway.service("other")
        try gateway.folder.write("listen: 127.0.0.1:0\nverify: unix:other.sock\n", to: "postern.yaml")
        try gateway.reload()
        gateway.settle()
        #expect(stream.isClosed)
        #expect(try other.accept().receiveText().hasPrefix("GET /revocations "))
        #expect(gateway.worker.authenticator.known("Bearer a") == nil)
        try gateway.folder.write("listen: 127.0.0.1:0\n", to: "postern.yaml")
        try gateway.folder.write("service: data\n", to: "routes/x.yaml")
        try gateway.reload()
        gateway.advance(by: 2 * second)
        #expect(other.take() == nil)
    }
}
