import Testing

@testable import Gateway
@testable import Shared

@Suite("CR, LF and NUL in an outbound target, field or reason")
struct OutboundHeadTests {
    @Test(
        "never leave in a target: what a client encoded stays encoded, or is refused", arguments: ["%0d", "%0A", "%00"])
    func target(_ byte: String) throws {
        for target in ["/x\(byte)X:%201", "/x?a=\(byte)X:%201"] {
            let gateway = try TestGateway()
            let service = try gateway.service()
            let client = try gateway.client()
            client.send(get(target))
            gateway.settle()
            guard let connection = service.take() else {
                #expect(try Answer(client.receiveText()).status == 400)
                continue
            }
            let seen = try Seen(connection.receiveText())
            #expect(seen.line.lowercased() == "get \(target) http/1.1".lowercased())
            #expect(seen["X"] == nil)
        }
    }

    @Test("never pass in a field of a request", arguments: ["\r", "\n", "\0", "\r\n "])
    func request(_ bytes: String) throws {
        let gateway = try TestGateway()
        #expect(try gateway.answer(get("/x", "A: b\(bytes)C")).status == 400)
    }

    @Test("never pass in a field or the reason of an answer", arguments: ["\r", "\n", "\0", "\r\n "])
    func answer(_ bytes: String) throws {
        for response in [ok("x", "A: b\(bytes)C"), "HTTP/1.1 200 O\(bytes)K\r\nContent-Length: 0\r\n\r\n"] {
            let gateway = try TestGateway()
            #expect(try gateway.exchange(get("/x"), response, at: try gateway.service()).answer.status == 502)
        }
    }

    @Test("never pass in what the auth service says of a token", arguments: ["\r", "\n", "\0"])
    func verdict(_ bytes: String) throws {
        let gateway = try TestGateway(["x": "service: data\nauth: required"])
        let verify = try gateway.service("verify")
        let service = try gateway.service()
        let (_, answer) = try gateway.exchange(
            get("/x", "Authorization: Bearer t"), ok("", "Postern-User: 1\(bytes)X: 2", "Cache-Control: max-age=9"),
            at: verify)
        #expect(answer.status == 503)
        #expect(service.take() == nil)
    }
}
