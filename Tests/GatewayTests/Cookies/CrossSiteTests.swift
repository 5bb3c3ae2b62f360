import Testing

@testable import Gateway
@testable import Shared

@Suite("Requests that another site's page has a browser send")
struct CrossSiteTests {
    private let gateway: TestGateway
    private let verify: PlayedService
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway([
            "x": "service: data\nauth: required", "open": "service: data",
            "shared": """
            service: data
            auth: required
            cors: {origins: [https://app.example, "null"], credentials: true}
            """,
            "readable": "service: data\nauth: required\ncors: {origins: [https://app.example]}",
        ])
        try gateway.folder.write(
            "listen: 127.0.0.1:0\nverify: unix:verify.sock\nverdict_grace: 5m\ntoken_cookies: session\n",
            to: "postern.yaml")
        verify = try gateway.service("verify")
        service = try gateway.service()
        try gateway.reload()
    }

    private final class Kept {
        var all: [Peer] = []
        var cookies = 0
    }
    private let kept = Kept()

    /// Whether somebody is asked because of what was sent just now.
    private var isPassed: Bool {
        gateway.settle()
        guard let peer = verify.take() ?? service.take() else { return false }
        // One that is let go would be asked anew.
        kept.all.append(peer)
        return true
    }

    /// Whether the request is let through to whoever comes next. Each cookie is another token, which nobody has judged.
    private func passes(_ method: String, _ path: String, _ fields: [String]) throws -> Bool {
        let client = try gateway.client()
        kept.cookies += 1
        kept.all.append(client)
        client.send(request(method, path, fields.map { $0 == Self.cookie ? "\($0)\(kept.cookies)" : $0 }))
        if isPassed {
            #expect(client.receiveText().isEmpty)
            return true
        }
        let answer = try Answer(client.receiveText())
        #expect(answer.status == 403)
        #expect(answer.body == #"{"error":"Cross-origin request refused"}"#)
        return false
    }

    private static let cookie = "Cookie: session=t"

    @Test(
        "a method that changes something needs a page of this site, as the browser says it",
        arguments: [
            (["Sec-Fetch-Site: same-origin"], true), (["Sec-Fetch-Site: none"], true),
            (["Sec-Fetch-Site: same-site"], false), (["Sec-Fetch-Site: cross-site"], false),
            (["Sec-Fetch-Site: Same-Origin"], false), (["Sec-Fetch-Site: same-origin, none"], false),
            (["Sec-Fetch-Site:"], false), (["Sec-Fetch-Site: same-origin", "Sec-Fetch-Site: same-origin"], false),
            (["Sec-Fetch-Site: cross-site", "Origin: http://api.example"], false),
            (["Sec-Fetch-Site: same-origin", "Origin: https://evil.example"], true), ([], true),
            (["Origin: http://api.example"], true), (["Origin: https://api.example"], true),
            (["Origin: https://API.example"], true), (["Origin: https://api.example:443"], true),
            (["Origin: https://api.example:444"], false), (["Origin: https://evil.example"], false),
            (["Origin: https://api.example.evil.example"], false), (["Origin: https://evil-api.example"], false),
            (["Origin: null"], false), (["Origin: api.example"], false), (["Origin:"], false),
            (["Origin: ftp://api.example"], false), (["Origin: https://"], false),
            (["Origin: http://api.example", "Origin: http://api.example"], false),
        ])
    func unsafe(fields: [String], passes: Bool) throws {
        for method in ["POST", "PUT", "DELETE", "PATCH", "SAVE"] {
            #expect(try self.passes(method, "/x", fields + [Self.cookie]) == passes, "\(method)")
        }
        // Also where no token is judged: to log out needs one, too.
        #expect(try self.passes("POST", "/open", fields + [Self.cookie]) == passes)
        if !passes { #expect(gateway.worker.counters.crossSiteRefusals == 6) }
    }

    @Test("what changes nothing, carries no such cookie, or has a token that is judged in its place is not looked at")
    func untouched() throws {
        let evil = ["Origin: https://evil.example", "Sec-Fetch-Site: cross-site"]
        #expect(try passes("GET", "/x", evil + [Self.cookie]))
        #expect(try passes("OPTIONS", "/x", evil + [Self.cookie]))
        #expect(try passes("POST", "/x", evil + [Self.cookie, "Authorization: Bearer t"]))
        #expect(try !passes("POST", "/x", evil + [Self.cookie, "Authorization:"]))
        #expect(try !passes("POST", "/open", evil + [Self.cookie, "Authorization: Basic eDp5"]))
        #expect(try passes("POST", "/open", evil + ["Cookie: other=1"]))
        #expect(try passes("POST", "/open", evil))
    }

    @Test("a WebSocket handshake is a GET that needs a page of this site all the same")
    func handshake() throws {
        let fields = ["Connection: upgrade", "Upgrade: websocket", Self.cookie]
        #expect(try passes("GET", "/x", fields + ["Origin: http://api.example"]))
        #expect(try passes("GET", "/x", fields))
        #expect(try !passes("GET", "/x", fields + ["Origin: https://evil.example"]))
        #expect(try !passes("GET", "/open", fields + ["Sec-Fetch-Site: cross-site"]))
    }

    @Test("an origin that the route's cors lets act with credentials is fine, one that may only read is not")
    func cors() throws {
        let fields = ["Origin: https://app.example", "Sec-Fetch-Site: cross-site", Self.cookie]
        #expect(try passes("POST", "/shared", fields))
        #expect(try passes("POST", "/shared", ["Origin: null", Self.cookie]))
        #expect(try !passes("POST", "/shared", ["Origin: https://evil.example", Self.cookie]))
        #expect(try !passes("POST", "/readable", fields))
        #expect(try !passes("POST", "/x", fields))
    }

    @Test("a host with a port, and one in brackets, are compared with it")
    func ports() throws {
        func passes(host: String, origin: String) throws -> Bool {
            let client = try gateway.client()
            kept.all.append(client)
            kept.cookies += 1
            client.send(
                "POST /x HTTP/1.1\r\nHost: \(host)\r\nOrigin: \(origin)\r\n\(Self.cookie)\(kept.cookies)\r\n\r\n")
            return isPassed
        }
        #expect(try passes(host: "localhost:3000", origin: "http://localhost:3000"))
        #expect(try !passes(host: "localhost:3000", origin: "http://localhost:3001"))
        #expect(try !passes(host: "localhost:3000", origin: "http://localhost"))
        #expect(try passes(host: "[::1]:8080", origin: "http://[::1]:8080"))
        #expect(try passes(host: "api.example:443", origin: "https://api.example"))
        #expect(try passes(host: "api.example:80", origin: "http://api.example"))
    }
}
