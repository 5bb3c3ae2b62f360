import Testing

@testable import Shared

@Suite("ConnectionOptions")
struct ConnectionOptionsTests {
    @Test(
        "Connection must not name a field whose loss would change who asks, or for what",
        arguments: [
            "Host", "Authorization", "Cookie", "Content-Length", "Transfer-Encoding", "Content-Type", "Expect",
            "Traceparent", "Forwarded",
            "X-Forwarded-For", "X-Forwarded-Anything", "X-Real-IP", "Postern-User", "Postern", "X_Forwarded_For",
            "any_thing",
        ])
    func protected(_ name: String) {
        for value in [name, name.lowercased(), "close, \(name)", "\(name),keep-alive", ",, \t\(name) ,"] {
            #expect(parseRequest(getWithHost("Connection: \(value)")).fault == .connection, "\(value)")
        }
        #expect(parseRequest(getWithHost("Connection: close", "Connection: \(name)")).fault == .connection)
    }

    @Test("fields that it names go no further, wherever they stand")
    func forThisHop() {
        let head = parseRequest(getWithHost("X-One: 1", "Connection: x-ONE, X-Two", "X-Two: 2", "X-Three: 3")).head
        #expect(head?.fields.filter(\.isForThisHop).map(\.name) == ["X-One", "X-Two"])
    }

    @Test("what is no name is refused", arguments: ["a b", "a;b", "\"close\"", "close keep-alive", "a=b", "\u{e4}"])
    func malformed(_ value: String) {
        #expect(parseRequest(getWithHost("Connection: \(value)")).fault == .connection)
    }

    @Test("close wins over keep-alive, in any case and on any line")
    func close() {
        #expect(parseRequest(getWithHost("Connection: Keep-Alive", "Connection: CLOSE")).head?.allowsKeepAlive == false)
        #expect(parseRequest(getWithHost("Connection: ,, ")).head?.allowsKeepAlive == true)
        #expect(parseRequest(getWithHost("Connection:")).head?.allowsKeepAlive == true)
    }

    @Test("options are bounded in number: each is compared with every field")
    func many() {
        let names = (0..<33).map { "n\($0)" }
        #expect(parseRequest(getWithHost("Connection: " + names.dropLast().joined(separator: ","))).head != nil)
        #expect(parseRequest(getWithHost("Connection: " + names.joined(separator: ","))).fault == .connection)
        let lines = names.map { "Connection: \($0)\r\n" }.joined()
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\(lines)\r\n").fault == .connection)
        let same = String(repeating: "Connection: keep-alive\r\n", count: 33)
        #expect(parseRequest("GET / HTTP/1.1\r\nHost: a\r\n\(same)\r\n").fault == .connection)
    }

    @Test("an option that is no field's name, for its length, is passed over")
    func long() {
        let option = String(repeating: "x", count: 300)
        #expect(parseRequest(getWithHost("Connection: \(option), close")).head?.allowsKeepAlive == false)
    }

    @Test("a response's Connection may name what it likes: protected fields are kept")
    func response() {
        let outcome = parseResponse(
            "HTTP/1.1 200 OK\r\nConnection: close, content-length, x\r\nContent-Length: 3\r\nX: y\r\n\r\n")
        #expect(outcome.head?.contentLength == 3)
        #expect(outcome.head?.allowsKeepAlive == false)
        #expect(outcome.head?.fields.filter(\.isForThisHop).map(\.name) == ["X"])
    }
}
