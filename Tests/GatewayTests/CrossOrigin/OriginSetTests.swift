// Unsafe code: lends the bytes of origins.
import Testing

@testable import Gateway

@Suite("Origins")
struct OriginSetTests {
    /// Not all that is tried here is the name of a host that could be anybody's: `§` stands for two slashes.
    private static func whole(_ text: String) -> String { text.replacing("§", with: "//") }

    private func set(_ texts: String...) throws -> OriginSet {
        var set = OriginSet()
        for text in texts {
            let isTaken = set.insert(Self.whole(text))
            try #require(isTaken, "\(text)")
        }
        return set
    }

    private func contains(_ set: OriginSet, _ origin: String) -> Bool {
        let bytes = Array(Self.whole(origin).utf8)
        return set.contains(unsafe bytes.span.bytes)
    }

    @Test("an origin is the very bytes that browsers send; a port that is the scheme's own is none")
    func exact() throws {
        let set = try set(
            "https:§app.example:443", "http:§localhost:5173", "http:§[::1]:80", "capacitor:§localhost")
        for origin in ["https:§app.example", "http:§localhost:5173", "http:§[::1]", "capacitor:§localhost"] {
            #expect(contains(set, origin))
        }
        for origin in [
            "", "null", "https:§app.example:443", "https:§app.example:444", "http:§app.example",
            "https:§App.example",
            "https:§app.example/", "https:§app.example.evil", "https:§evil.app.example", "https:§localhost:5173",
            "http:§localhost", "xhttps:§app.example",
        ] {
            #expect(!contains(set, origin), "\(origin)")
        }
        #expect(contains(try self.set("null"), "null"))
        #expect(contains(try self.set("*"), "https:§any.example"))
    }

    @Test("a star stands for one name or more, and for nothing else")
    func patterns() throws {
        let set = try set("https:§*.example.org", "http:§*.local:8080")
        for origin in ["https:§a.example.org", "https:§a.b-c.example.org", "http:§x.local:8080"] {
            #expect(contains(set, origin), "\(origin)")
        }
        for origin in [
            "https:§example.org", "https:§.example.org", "https:§a..example.org", "https:§a.example.org.evil.com",
            "https:§evil.com/.example.org", "https:§evil.com#.example.org", "https:§evil.com:1.example.org",
            "https:§u@.example.org", "https:§u@a.example.org", "http:§a.example.org", "https:§a.example.org:8443",
            "https:§A.example.org", "https:§aexample.org", "http:§x.local",
        ] {
            #expect(!contains(set, origin), "\(origin)")
        }
    }

    @Test(
        "what no browser would send is refused when it is loaded",
        arguments: [
            "", "app.example", "https:§", "https:§app.example/", "https:§app.example/x", "https:§App.example",
            "HTTPS:§app.example", "https:§*", "https:§*.", "https:§*example.org", "https:§a.*.example.org",
            "https:§a..b", "https:§.a", "https:§a.", "https:§u@a", "https:§a:b", "https:§a:", "//a",
            "https:§ü.example",
            "*.example.org", "https:§*.[::1]", "Null",
        ])
    func refused(_ text: String) {
        var set = OriginSet()
        let isTaken = set.insert(Self.whole(text))
        #expect(!isTaken)
    }
}
