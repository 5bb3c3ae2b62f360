import Testing

@testable import Shared

@Suite("RequestRules: Host")
struct RequestRulesTests {
    @Test("HTTP/1.1 without Host, or with two, is refused")
    func count() {
        #expect(parseRequest(get()).fault == .host)
        #expect(parseRequest(get("Host: a", "Host: a")).fault == .host)
        #expect(parseRequest(get("Host: a", "HOST: b")).fault == .host)
        #expect(parseRequest(get("Host: a", "Host: b", version: "1.0")).fault == .host)
    }

    @Test(
        "a Host that could be read as more than a name and a port is refused",
        arguments: [
            "", "a b", "a,b", "a/b", "a?b", "a#b", "a@b", "user@a", "http://a.example", "a:80:80", "a:port", "a:123456",
            ":80",
            "[::1", "::1]", "[]",
            "[:]x", "[::1]x", "[::1]:x", "[::g]", "a\\b", "a%41", "a;b", "\u{e4}", "[::1%25eth0]", "a:-1", "a: 80",
            "a,", "\"a\"",
        ])
    func malformed(_ value: String) {
        #expect(parseRequest(get("Host: \(value)")).fault == .host)
    }

    @Test(
        "names, addresses and ports",
        arguments: [
            "a", "A.Example", "a.example:8080", "127.0.0.1", "127.0.0.1:1", "[::1]", "[::1]:443", "[2001:DB8::1.2.3.4]",
            "a_b", "a-b.", "a:",
        ])
    func wellFormed(_ value: String) {
        #expect(parseRequest(get("Host: \(value)")).head?.fields.first?.value == value)
    }

    @Test("the longest name with a port, and one byte more")
    func length() {
        #expect(parseRequest(get("Host: " + String(repeating: "a", count: 259))).head != nil)
        #expect(parseRequest(get("Host: " + String(repeating: "a", count: 260))).fault == .host)
    }
}
