import Synchronization
import Testing

@testable import Shared

@Suite("Answers that leave in pieces")
struct ServiceBodyTests {
    /// Gives pieces, and counts those that were asked for.
    private final class Pieces: Sendable {
        struct Broken: Error {}
        let given = Mutex(0)
        let count: Int
        let size: Int
        let breaks: Bool

        init(_ count: Int, of size: Int, breaks: Bool = false) {
            self.count = count
            self.size = size
            self.breaks = breaks
        }

        func next() throws -> [UInt8]? {
            let index = given.withLock { given in
                given += 1
                return given
            }
            if index > count {
                if breaks { throw Broken() }
                return nil
            }
            return [UInt8](repeating: UInt8(ascii: "x"), count: size)
        }

        var answer: ServiceResponse {
            var response = ServiceResponse.json(Array("[".utf8))
            response.rest = ServiceBody { try self.next() }
            return response
        }

        var endpoint: ServiceEndpoint { ServiceEndpoint(.get, "/list", .concurrent { _ in self.answer }) }
    }

    @Test("the pieces leave in chunks, in their order, without a length or a tag")
    func chunks() async throws {
        let service = try ServiceUnderTest([Pieces(2, of: 3).endpoint])
        service.client.send("GET /list HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = try await service.hear { $0.hasSuffix("0\r\n\r\n") }
        #expect(text.status == 200)
        #expect(text.content == "1\r\n[\r\n3\r\nxxx\r\n3\r\nxxx\r\n0\r\n\r\n")
        #expect(!text.contains("ETag") && !text.contains("Content-Length"))
    }

    @Test("one that is begun at once leaves in pieces as well, and the next request is read behind it")
    func immediate() async throws {
        let pieces = Pieces(2, of: 3)
        let service = try ServiceUnderTest([ServiceEndpoint(.get, "/list", .immediate { _ in pieces.answer })])
        for _ in 1...2 { service.client.send("GET /list HTTP/1.1\r\nHost: a\r\n\r\n") }
        let text = try await service.hear { $0.hasSuffix("[\r\n0\r\n\r\n") }
        #expect(text.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(text.contains("1\r\n[\r\n3\r\nxxx\r\n3\r\nxxx\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"))
        #expect(text.hasSuffix("1\r\n[\r\n0\r\n\r\n"))
    }

    @Test("HEAD gets the head alone, and no piece is asked for")
    func head() async throws {
        let pieces = Pieces(2, of: 3)
        let service = try ServiceUnderTest([pieces.endpoint])
        service.client.send("HEAD /list HTTP/1.1\r\nHost: a\r\n\r\n")
        let text = try await service.hear { $0.hasSuffix("\r\n\r\n") }
        #expect(text.content == "")
        #expect(pieces.given.withLock { $0 } == 0)
    }

    @Test("a piece that cannot be made breaks the answer off")
    func broken() async throws {
        let service = try ServiceUnderTest([Pieces(1, of: 3, breaks: true).endpoint])
        service.client.send("GET /list HTTP/1.1\r\nHost: a\r\n\r\n")
        let context = service.context
        #expect(await service.turn { context.connections.isEmpty })
        #expect(!service.client.receiveText().hasSuffix("0\r\n\r\n"))
    }

    @Test("a client that does not read holds the pieces back")
    func slowReader() async throws {
        let pieces = Pieces(10_000, of: 64 * 1024)
        let service = try ServiceUnderTest([pieces.endpoint])
        service.client.send("GET /list HTTP/1.1\r\nHost: a\r\n\r\n")
        let context = service.context
        // How much stays behind what the socket took is the kernel's matter: above the low mark nothing more is asked for.
        let isFull = { context.connections.values.contains { $0.stream.outputCount > Stream.lowMark } }
        try #require(await service.turn(until: isFull))
        for _ in 0..<200 { _ = await service.turn { true } }
        let asked = pieces.given.withLock { $0 }
        for _ in 0..<200 { _ = await service.turn { true } }
        #expect(pieces.given.withLock { $0 } == asked)
        #expect(asked < 100)
    }
}
