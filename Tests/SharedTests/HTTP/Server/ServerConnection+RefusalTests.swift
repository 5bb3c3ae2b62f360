import Testing

@testable import Shared

@Suite("ServerConnection: refusals")
struct ServerConnectionRefusalTests {
    @Test(
        "a message that cannot be read in one way is refused, the connection closed, the rest not looked at",
        arguments: [
            ("GET / HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/3.0\r\nHost: a\r\n\r\n", 505),
            (post("/", "Content-Length: 5", "Transfer-Encoding: chunked"), 400), (ask("/", "Expect: x"), 417),
            ("GET /" + String(repeating: "a", count: 9000), 414),
            (ask("/", "X: " + String(repeating: "a", count: 17_000)), 431),
            ("\u{16}\u{3}\u{1}\r\n", 400), ("GET / HTTP/1.1\nHost: a\n\n", 400), ("\r\r\n", 400),
        ])
    func refused(_ text: String, _ status: Int) throws {
        let test = try ServerUnderTest()
        let answer = test.ask(text + ask("/smuggled"))
        #expect(answer.hasPrefix("HTTP/1.1 \(status) "))
        #expect(answer.contains("\r\nConnection: close\r\n"))
        #expect(answer.hasSuffix("\"}"))
        #expect(test.application.targets.isEmpty)
        #expect(test.application.refusals.count == 1)
        _ = test.client.receive()
        #expect(test.client.sawEnd)
        test.client.close()
        test.loop.settle()
        #expect(test.application.closed == 1)
        #expect(test.loop.buffers.lent == 0)
    }

    private static func line(_ count: Int) -> String { "X: " + String(repeating: "a", count: count) + "\r\n" }
    private static let tooLong: [(text: String, counter: String)] = [
        ("GET /" + String(repeating: "a", count: 9000), "limits.request_line"),
        ("GET / HTTP/1.1\r\n" + line(17_000), "limits.field"),
        ("GET / HTTP/1.1\r\n" + String(repeating: line(1), count: 101), "limits.fields"),
        ("GET / HTTP/1.1\r\n" + String(repeating: line(12_000), count: 3), "limits.head"),
        ("GET / HTTP/1.1\nHost: a\n\n", "malformed"),
    ]

    @Test("each limit of a head has a counter of its own", arguments: tooLong)
    func counted(_ text: String, _ counter: String) throws {
        let test = try ServerUnderTest()
        _ = test.ask(text)
        var tally = Tally()
        tally.add(test.context.limitHits)
        #expect(tally.entries.filter { $0.value > 0 }.map(\.name) == [counter])
    }

    @Test("a connection that has carried its number of requests is closed after the last, and counted")
    func requestsPerConnection() throws {
        let test = try ServerUnderTest { $0.requestsPerConnection = 3 }
        let answer = test.ask(ask("/1") + ask("/2") + ask("/3") + ask("/4"))
        #expect(answer == ok("/1") + ok("/2") + ok("/3", "Connection: close"))
        #expect(test.context.limitHits.requests == 1)
    }

    @Test("a refusal is answered on a connection that was used before, too")
    func refusedLater() throws {
        let test = try ServerUnderTest()
        #expect(test.ask(ask("/fine")) == ok("/fine"))
        #expect(test.ask("bad\r\n\r\n").hasPrefix("HTTP/1.1 400 "))
    }

    @Test("answers to the requests before a refused one are not lost")
    func pipelinedRefusal() throws {
        let test = try ServerUnderTest()
        let answer = test.ask(ask("/1") + ask("/2") + "bad\r\n\r\n")
        #expect(answer.hasPrefix(ok("/1") + ok("/2") + "HTTP/1.1 400 "))
    }

    @Test("the refusal of a first line that says nothing does not take over the method of the last request")
    func staleMethod() throws {
        let test = try ServerUnderTest()
        _ = test.ask("HEAD /x HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        let answer = test.ask("\u{1}\r\n\r\n")
        #expect(answer.hasPrefix("HTTP/1.1 400 "))
        #expect(answer.hasSuffix("{\"error\":\"Bad request\"}"))
    }

    @Test("what is refused may be pipelined behind a request that is answered later")
    func refusalWaits() throws {
        let test = try ServerUnderTest()
        #expect(test.ask(ask("/wait") + "bad\r\n\r\n") == "")
        test.application.exchanges[0].answer("first")
        #expect(test.heard().hasPrefix(ok("first") + "HTTP/1.1 400 "))
    }
}
