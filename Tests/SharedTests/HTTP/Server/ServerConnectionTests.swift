import Testing

@testable import Shared

@Suite("ServerConnection: requests and answers")
struct ServerConnectionTests {
    @Test("a connection is kept for the next request, and holds no buffer between them", arguments: Transport.allCases)
    func keepAlive(_ transport: Transport) throws {
        let test = try ServerUnderTest(transport)
        for number in 0..<5 {
            test.client.send(ask("/\(number)"))
            var answer = ""
            #expect(
                test.loop.turn {
                    answer += test.client.receiveText()
                    return answer == ok("/\(number)")
                })
            #expect(test.loop.buffers.lent == 0)
        }
        #expect(test.connection.requestCount == 5)
        test.client.close()
        #expect(test.loop.turn { test.application.closed == 1 })
        #expect(test.loop.buffers.lent == 0)
    }

    @Test("many requests in one packet are answered in their order, each once")
    func pipelining() throws {
        let test = try ServerUnderTest()
        let targets = (0..<200).map { "/\($0)" }
        let answers = test.ask(targets.map { ask($0) }.joined())
        #expect(answers == targets.map { ok($0) }.joined())
        #expect(test.application.targets == targets)
        test.context.closeAll()
        #expect(test.isGone())
    }

    @Test("pipelined requests wait for the one under way, also with bodies between them")
    func pipeliningWaits() throws {
        let test = try ServerUnderTest()
        let first = test.ask(
            ask("/wait") + post("/body", "Content-Length: 5", body: "hello") + ask("/wait") + ask("/last"))
        #expect(first == "")
        #expect(test.application.targets == ["/wait"])
        test.application.exchanges[0].answer("one")
        #expect(test.heard() == ok("one") + ok("5"))
        #expect(test.application.targets == ["/wait", "/body", "/wait"])
        test.application.exchanges[2].answer("two")
        #expect(test.heard() == ok("two") + ok("/last"))
        test.context.closeAll()
    }

    @Test("a head that comes byte by byte is one request, whatever empty lines stand before it")
    func byteByByte() throws {
        let test = try ServerUnderTest()
        var answer = ""
        for byte in ("\r\n\r\n" + ask("/slow") + "\r\n" + ask("/again")).utf8 {
            test.client.send([byte])
            test.loop.turn(waitingAtMost: 0)
            answer += test.client.receiveText()
        }
        #expect(answer + test.heard() == ok("/slow") + ok("/again"))
        #expect(test.application.refusals.isEmpty)
        test.context.closeAll()
    }

    @Test("HTTP/1.0 closes after its answer, unless it asked to stay")
    func http10() throws {
        let stays = try ServerUnderTest()
        #expect(stays.ask("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n") == ok("/a", "Connection: keep-alive"))
        #expect(stays.ask("GET /b HTTP/1.0\r\n\r\n") == ok("/b", "Connection: close"))
        stays.loop.settle()
        _ = stays.client.receive()
        #expect(stays.client.sawEnd)
        stays.client.close()
        #expect(stays.isGone() || stays.application.closed == 1)
    }

    @Test("Connection: close is answered in kind; what follows on the connection is not looked at")
    func close() throws {
        let test = try ServerUnderTest()
        #expect(test.ask(ask("/a", "Connection: close") + ask("/b")) == ok("/a", "Connection: close"))
        #expect(test.application.targets == ["/a"])
        _ = test.client.receive()
        #expect(test.client.sawEnd)
        test.client.close()
        test.loop.settle()
        #expect(test.application.closed == 1)
    }

    @Test("HEAD is answered by the head alone, with the length of what GET would send")
    func head() throws {
        let test = try ServerUnderTest()
        let answer = test.ask("HEAD /abc HTTP/1.1\r\nHost: a\r\n\r\n" + ask("/next"))
        #expect(answer == "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n" + ok("/next"))
        test.context.closeAll()
    }

    @Test("content of unknown length leaves in chunks; to HTTP/1.0 until the close")
    func unknownLength() throws {
        func serve(_ test: ServerUnderTest, _ source: StreamUnderTest) {
            test.application.onRequest = { exchange in
                exchange.connection.beginResponse(200)
                exchange.connection.endHead(.unknown)
                exchange.connection.sendContent(0, from: source.stream)
                exchange.connection.sendContent(source.stream.inputCount, from: source.stream)
                exchange.connection.endResponse()
                source.stream.close()
            }
            source.recorder.takesInput = false
            source.peer.send("0123456789abcdefg")
            source.loop.settle()
        }
        let new = try ServerUnderTest()
        serve(new, try StreamUnderTest(on: new.loop))
        #expect(
            new.ask(ask("/"))
                == "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n11\r\n0123456789abcdefg\r\n0\r\n\r\n")
        let old = try ServerUnderTest()
        serve(old, try StreamUnderTest(on: old.loop))
        #expect(
            old.ask("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
                == "HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n0123456789abcdefg")
        _ = old.client.receive()
        #expect(old.client.sawEnd)
        let head = try ServerUnderTest()
        serve(head, try StreamUnderTest(on: head.loop))
        #expect(head.ask("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n") == "HTTP/1.1 200 OK\r\n\r\n")
    }

    @Test("an answer without content is delimited too")
    func noContent() throws {
        let test = try ServerUnderTest()
        var statuses = [200, 204, 304, 599].makeIterator()
        test.application.onRequest = { exchange in
            exchange.connection.beginResponse(statuses.next() ?? 0)
            exchange.connection.endHead(.none)
            exchange.connection.endResponse()
        }
        #expect(test.ask(ask("/")) == "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        #expect(test.ask(ask("/")) == "HTTP/1.1 204 No Content\r\n\r\n")
        #expect(test.ask(ask("/")) == "HTTP/1.1 304 Not Modified\r\n\r\n")
        #expect(test.ask(ask("/")) == "HTTP/1.1 599 \r\nContent-Length: 0\r\n\r\n")
        test.context.closeAll()
    }

    @Test("a connection serves so many requests and no more")
    func requestLimit() throws {
        let test = try ServerUnderTest { $0.requestsPerConnection = 2 }
        #expect(test.ask(ask("/1") + ask("/2") + ask("/3")) == ok("/1") + ok("/2", "Connection: close"))
        #expect(test.application.targets == ["/1", "/2"])
        test.context.closeAll()
    }
}
