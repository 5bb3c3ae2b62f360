// Unsafe code: lends the bytes of texts.
import Testing

@testable import Gateway

@Suite("The leak detector")
struct LeakScannerTests {
    private static let identity: IdentityMatcher = {
        var outside = UpstreamOrigins()
        outside.add(UpstreamOrigins.Authority(host: "api.weather.example", port: 443))
        outside.add(UpstreamOrigins.Authority(host: "192.0.2.7", port: 443))
        outside.add(UpstreamOrigins.Authority(host: "2001:db8::7", port: 443))
        outside.add(UpstreamOrigins.Authority(host: "xn--bcher-kva.example", port: 443))
        let own = UpstreamOrigins(instances: [
            .unix(path: "/run/postern/data/1.sock"), .tcp(address: "127.0.0.1", port: 8080),
        ])
        var single = UpstreamOrigins()
        single.add(UpstreamOrigins.Authority(host: "backend", port: 9000))
        return IdentityMatcher([outside, own, single])
    }()

    /// What is found in a text that comes in pieces of so many bytes.
    private func found(_ text: String, pieces: Int = .max) -> [(kind: LeakKind, text: String)] {
        var scanner = LeakScanner(Self.identity)
        let bytes = Array(text.utf8)
        var start = 0
        while start < bytes.count {
            let piece = Array(bytes[start..<min(bytes.count, start + min(pieces, bytes.count))])
            unsafe scanner.scan(piece.span.bytes)
            start += piece.count
        }
        scanner.finish()
        return scanner.found.map { ($0.kind, String(decoding: bytes[$0.range], as: UTF8.self)) }
    }

    private func kinds(_ text: String, pieces: Int = .max) -> [LeakKind] { found(text, pieces: pieces).map(\.kind) }

    static let leaks: [(String, LeakKind)] = [
        ("at api.weather.example.", .name), ("{\"u\":\"https:\\/\\/API.weather.example\\/v1\"}", .name),
        ("?u=https%3A%2F%2Fapi.weather.example%2Fv1", .name), ("api%2Eweather%2eexample", .name),
        ("api\\u002eweather\\u002eexample", .name), ("api&#46;weather&#46;example", .name),
        ("api&#x2e;weather&#x2E;example", .name), ("\\u002f\\u002fapi.weather.example", .name),
        ("line\\napi.weather.example", .name), ("cdn.api.weather.example", .name), ("at bücher.example/", .name),
        ("xn--bcher-kva.example", .name), ("//backend/x", .name), ("backend:9000", .name),
        ("http:\\/\\/backend\\/", .name),
        ("from 192.0.2.7:443", .address), ("(192.0.2.7)", .address), ("[2001:db8::7]", .address),
        ("http://127.0.0.1:8080/", .address), ("localhost:8080", .address), ("http:\\/\\/localhost:8080", .address),
        ("open /run/postern/data/1.sock: no", .socket), ("\"\\/run\\/postern\\/data\\/1.sock\"", .socket),
        ("%2Frun%2Fpostern%2Fdata%2F1.sock", .socket),
        ("<hr><center>nginx/1.25.3</center>", .banner), ("Apache/2.4.57 (Debian)", .banner), ("PHP/8.2.7", .banner),
        ("gunicorn/20.1.0", .banner), ("Werkzeug/2.3", .banner), ("Kestrel", .banner), ("Microsoft-IIS/10.0", .banner),
        ("<pre>Cannot GET /x</pre>", .banner), ("Whitelabel Error Page", .banner),
        ("\tat com.shop.Cart.add(Cart.java:42)", .trace), ("Traceback (most recent call last):", .trace),
        ("  File \"/srv/app.py\", line 12, in f", .trace), ("\"File \\\"/srv/app.py\\\", line 12\"", .trace),
        ("at Object.<anonymous> (/srv/app.js)", .trace), ("at f (/srv/app.js:10:15)", .trace),
        ("   at Shop.Cart.Add() in C:\\src\\Cart.cs:line 12", .trace), ("PHP Fatal error:  Uncaught", .trace),
        ("in /var/www/index.php on line 3", .trace), ("goroutine 18 [running]:", .trace),
        ("app/models/cart.rb:12:in `add'", .trace), ("thread 'main' panicked at src/main.rs", .trace),
    ]

    @Test("finds each kind, in one piece, byte for byte, and cut anywhere", arguments: leaks)
    func finds(_ text: String, _ kind: LeakKind) {
        for pieces in [Int.max, 1, 2, 3, 5, 7, 11] {
            #expect(kinds(text, pieces: pieces) == [kind], "pieces of \(pieces)")
            #expect(kinds("before " + text + " after", pieces: pieces) == [kind], "pieces of \(pieces), inside")
        }
    }

    @Test(
        "leaves alone what only looks alike",
        arguments: [
            "myapi.weather.example", "api.weather.examples", "api-weather.example", "1192.0.2.7", "192.0.2.71",
            "10.192.0.2.7", "12001:db8::7a", "127.0.0.1", "localhost", "localhost:80801", "localhost:3000", "backend",
            "the backend: 9000", "//backends", "/run/postern/data/1.socket", "nginx", "php/", "Express yourself",
            "app.js",
            "line 12", "a.java", "", "Caused by: rain",
        ])
    func passes(_ text: String) {
        for pieces in [Int.max, 1, 3] {
            #expect(kinds(text, pieces: pieces).isEmpty)
            #expect(kinds("x " + text + " y", pieces: pieces).isEmpty)
        }
    }

    @Test("tells where and what, across pieces")
    func ranges() {
        for pieces in [Int.max, 1, 4] {
            let text = found("a 192.0.2.7 b api.weather.example c", pieces: pieces).map(\.text)
            #expect(text == ["192.0.2.7", "api.weather.example"])
        }
    }

    @Test("a new message begins anew")
    func reset() {
        var scanner = LeakScanner(Self.identity)
        let (one, other) = (Array("api.weather".utf8), Array(".example".utf8))
        unsafe scanner.scan(one.span.bytes)
        scanner.reset()
        unsafe scanner.scan(other.span.bytes)
        scanner.finish()
        #expect(scanner.found.isEmpty)
    }

    @Test("of one message no more is kept than a bounded number")
    func bounded() {
        #expect(found(String(repeating: "192.0.2.7 ", count: 5000)).count == 256)
    }

    @Test("A-labels are read as their letters")
    func punycode() {
        #expect(Punycode.unicode(of: "xn--bcher-kva.example") == "bücher.example")
        #expect(Punycode.unicode(of: "xn--zckzah.xn--zckzah") == "テスト.テスト")
        #expect(Punycode.unicode(of: "plain.example") == nil)
        #expect(Punycode.unicode(of: "xn--\u{ff}.example") == nil)
    }
}
