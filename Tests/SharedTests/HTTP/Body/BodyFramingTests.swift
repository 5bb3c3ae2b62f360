import Testing

@testable import Shared

@Suite("BodyFraming, BodyReader")
struct BodyFramingTests {
    private func request(_ text: String) throws -> BodyFraming {
        let bytes = Array(text.utf8)
        let head = RequestHead()
        _ = try HeadParser.parse(unsafe bytes.span.bytes, limits: HeadLimits(), into: head)
        return BodyFraming(request: head)
    }

    private func response(_ text: String, to method: Method = .get) throws -> BodyFraming {
        let bytes = Array(text.utf8)
        let head = ResponseHead()
        _ = try HeadParser.parse(unsafe bytes.span.bytes, limits: HeadLimits(), into: head)
        return BodyFraming(response: head, to: method)
    }

    @Test("a request's body is announced or there is none, whatever its method")
    func requests() throws {
        #expect(try request(getWithHost()) == .none)
        #expect(try request(getWithHost("Content-Length: 0")) == .none)
        #expect(try request(getWithHost("Content-Length: 3")) == .length(3))
        #expect(try request("DELETE / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n") == .chunked)
    }

    @Test("a response's body ends as RFC 9112 section 6.3 says")
    func responses() throws {
        let length = "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"
        #expect(try response(length) == .length(3))
        #expect(try response(length, to: .head) == .none)
        #expect(try response("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") == .none)
        #expect(try response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n") == .chunked)
        #expect(try response("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", to: .head) == .none)
        #expect(try response("HTTP/1.1 200 OK\r\n\r\n") == .untilClose)
        for status in [100, 103, 204, 304] {
            #expect(try response("HTTP/1.1 \(status) x\r\nContent-Length: 3\r\n\r\n") == .none)
        }
    }

    @Test("a body of a length takes no byte more")
    func fixed() throws {
        var reader = BodyReader(.length(5))
        #expect(try reader.next([]) == .needMore)
        #expect(try reader.next(Array("hel".utf8)) == .content(count: 3))
        #expect(try reader.next(Array("loGET".utf8)) == .content(count: 2))
        #expect(try reader.next(Array("GET".utf8)) == .end)
        #expect(!reader.endsWithConnection)
    }

    @Test("a body until the close takes all there is, and never ends by itself")
    func untilClose() throws {
        var reader = BodyReader(.untilClose)
        #expect(try reader.next([]) == .needMore)
        #expect(try reader.next([1, 2]) == .content(count: 2))
        #expect(reader.endsWithConnection)
    }

    @Test("large reads are for bodies that are known to be long")
    func expectsMuch() {
        #expect(BodyReader(.length(BufferPool.smallSize + 1)).expectsMuch)
        #expect(!BodyReader(.length(BufferPool.smallSize)).expectsMuch)
        #expect(!BodyReader(.chunked).expectsMuch)
    }
}
