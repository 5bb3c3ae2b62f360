import Testing

@testable import Gateway
@testable import Shared

@Suite("Fields that tell where a service is")
struct HeaderMaskTests {
    /// What the client gets of one field, of a service at `https://api.weather.example/v1` or of one of ours.
    private func field(
        _ name: String, _ value: String, route: (String, String) = ("api/weather/[city]", "path: /current/{city}"),
        service: String = "url: https://api.weather.example/v1", path: String = "/api/weather/rome", mask: String = "",
        host: String = "shop.example"
    ) throws -> String? {
        let mask = try HeaderMaskFixture(
            routes: [route.0: route.1, "open/[...path]": "service: own"],
            services: ["data": service, "own": "instances: unix:own.sock"], path: path, host: host)
        return mask.rewrite(name, value)
    }

    @Test(
        "a URL of the service becomes ours, by the host and scheme that the client knows",
        arguments: [
            ("https://api.weather.example/v1/current/paris", "http://shop.example/api/weather/paris"),
            ("https://API.Weather.Example:443/v1/current/paris?a=b#c", "http://shop.example/api/weather/paris?a=b#c"),
            ("//api.weather.example.\u{3a}443/v1/current/paris", "//shop.example/api/weather/paris"),
            ("//api.weather.example/v1/current/paris", "//shop.example/api/weather/paris"),
            ("wss://api.weather.example/v1/current/paris", "ws://shop.example/api/weather/paris"),
            ("/v1/current/paris", "/api/weather/paris"), ("paris", "/api/weather/paris"),
            ("../current/paris", "/api/weather/paris"), ("./paris?x", "/api/weather/paris?x"),
            ("?x=1", "/api/weather/rome?x=1"),
        ])
    func location(_ value: String, _ expected: String) throws {
        #expect(try field("Location", value) == expected)
        #expect(try field("Content-Location", value) == expected)
        #expect(try field("Refresh", "5; url=\(value)") == "5; url=\(expected)")
        #expect(try field("Refresh", "0;URL='\(value)'") == "0;URL='\(expected)'")
        #expect(try field("Link", "<\(value)>; rel=next") == "<\(expected)>; rel=next")
    }

    @Test(
        "a URL that no route leads to, or that is spelled to mislead, does not pass",
        arguments: [
            "https://api.weather.example/v1/secret", "https://api.weather.example/current/paris",
            "https://api.weather.example:8443/v1/current/paris", "https://user:pw@api.weather.example/v1/current/paris",
            "/v1/secret", "/current/paris", "../../x", "https:/api.weather.example/x",
            "https:\\\\api.weather.example\\x",
            "https://cdn.api.weather.example/x", "/open/x", "https://other.example/?u=api.weather.example",
            "https://other.example/?u=https%3A%2F%2Fapi.weather.example%2Fv1",
        ])
    func unreachable(_ value: String) throws {
        #expect(try field("Location", value) == nil)
        #expect(try field("Link", "<\(value)>; rel=next") == nil)
    }

    @Test(
        "what is not the service's passes as it is",
        arguments: [
            "https://other.example/v1/current/paris", "https://shop.example/v1/x", "#top", "mailto:a@b.example",
            "https://notapi.weather.example.org/",
        ])
    func foreign(_ value: String) throws {
        #expect(try field("Location", value) == value)
    }

    @Test("a service of ours that answers by its own paths is believed, whatever they are")
    func plain() throws {
        let route = ("[[...path]]", "")
        for value in ["/x/y", "x", "//other.example/", "http://shop.example/a", "/a//b", "http://shop.example:81/a"] {
            #expect(
                try field("Location", value, route: route, service: "instances: unix:a.sock", path: "/x") == value)
        }
    }

    @Test("a service of ours behind a template speaks of its own paths, or of public ones")
    func templates() throws {
        func location(_ value: String) throws -> String? {
            try field("Location", value, service: "instances: http://127.0.0.1:8080")
        }
        #expect(try location("/current/paris") == "/api/weather/paris")
        #expect(try location("http://shop.example/current/paris") == "http://shop.example/api/weather/paris")
        #expect(try location("http://localhost:8080/current/paris") == "http://shop.example/api/weather/paris")
        #expect(try location("http://[::1]:8080/current/paris") == "http://shop.example/api/weather/paris")
        #expect(try location("/open/x") == "/open/x")
        #expect(try location("http://shop.example/open/x") == "http://shop.example/open/x")
        #expect(try location("/nowhere") == nil)
    }

    @Test("of several links those that lead nowhere are left out")
    func links() throws {
        let value = """
            </v1/current/a>; rel=prev, <https://api.weather.example/v1/secret>; rel="x, y", \
            <https://other.example/,>; rel=next; title="a, b"; anchor="/v1/current/b"
            """
        #expect(
            try field("Link", value)
                == "</api/weather/a>; rel=prev, <https://other.example/,>; rel=next; title=\"a, b\"; anchor=\"/api/weather/b\""
        )
        #expect(try field("Link", "<https://other.example/>; rel=x") == "<https://other.example/>; rel=x")
    }

    @Test(
        "cookies are the client's own name's, below our paths",
        arguments: [
            ("a=b; Domain=weather.example; Path=/v1; Secure", "a=b; Path=/api/weather; Secure"),
            ("a=b; domain=api.weather.example", "a=b"),
            ("a=b; Domain=.shop.example; Path=/", "a=b; Domain=.shop.example; Path=/api/weather"),
            ("a=b; Path=/v1/current/paris; HttpOnly", "a=b; Path=/api/weather/paris; HttpOnly"),
            ("a=b; Path=/v1/other; SameSite=None", "a=b; Path=/api/weather; SameSite=None"),
            ("__Host-a=b; Secure; Path=/", "__Host-a=b; Secure; Path=/"),
            ("__Secure-a=b; Secure; Domain=weather.example", "__Secure-a=b; Secure"),
            ("a=b; Max-Age=3; Secure", "a=b; Max-Age=3; Secure"),
            ("a=b; Domain=notshop.example", "a=b"),
        ])
    func cookies(_ value: String, _ expected: String) throws {
        #expect(try field("Set-Cookie", value) == expected)
    }

    @Test("a cookie of a service of ours keeps its path, and its domain where that is the client's")
    func ownCookies() throws {
        func cookie(_ value: String) throws -> String? {
            try field(
                "Set-Cookie", value, route: ("[[...path]]", ""), service: "instances: unix:a.sock", path: "/x",
                host: "www.shop.example:8080")
        }
        #expect(try cookie("a=b; Path=/v1; Domain=shop.example") == "a=b; Path=/v1; Domain=shop.example")
        #expect(try cookie("a=b; Path=/v1; Domain=inside.example") == "a=b; Path=/v1")
    }

    @Test("a cookie whose value tells of the service does not pass")
    func cookieValue() throws {
        #expect(try field("Set-Cookie", "back=https%3A%2F%2Fapi.weather.example%2F; Path=/v1") == nil)
    }

    @Test("origins and policies name us")
    func policies() throws {
        let origin = "Access-Control-Allow-Origin"
        #expect(try field(origin, "https://api.weather.example") == "http://shop.example")
        #expect(try field(origin, "*") == "*")
        #expect(try field(origin, "https://app.example") == "https://app.example")
        let policy = """
            default-src 'self' https://api.weather.example/v1/ *.weather.example; img-src api.weather.example:443 data: \
            https://cdn.example; report-uri /v1/report; connect-src wss://api.weather.example cdn.api.weather.example
            """
        let expected = """
            default-src 'self' 'self' 'self'; img-src 'self' data: https://cdn.example; report-uri ; \
            connect-src 'self' 'self'
            """
        #expect(try field("Content-Security-Policy", policy) == expected)
        #expect(try field("Content-Security-Policy-Report-Only", policy) == expected)
        #expect(try field("Content-Security-Policy", "default-src 'none'") == "default-src 'none'")
    }

    @Test("a challenge names us, and its URLs are ours")
    func challenges() throws {
        let name = "WWW-Authenticate"
        #expect(try field(name, "Basic realm=\"api.weather.example\"") == "Basic realm=\"shop.example\"")
        #expect(
            try field(name, "Bearer resource_metadata=\"https://api.weather.example/v1/current/meta\", scope=\"a\"")
                == "Bearer resource_metadata=\"http://shop.example/api/weather/meta\", scope=\"a\"")
        #expect(try field(name, "Bearer realm=\"https://api.weather.example/v1/token\"") == nil)
        #expect(try field(name, "Basic realm=\"Weather\"") == "Basic realm=\"Weather\"")
    }

    @Test("a URL in any other field is rewritten, and a bare name takes the field with it")
    func others() throws {
        #expect(
            try field("X-Next", "see https://api.weather.example/v1/current/paris, and more")
                == "see http://shop.example/api/weather/paris, and more")
        #expect(try field("X-Next", "node api.weather.example") == nil)
        #expect(try field("X-Next", "nothing") == "nothing")
    }
}
