import Testing

@testable import Gateway
@testable import Shared

@Suite("Tokens that come in cookies")
struct TokenCookieTests {
    private let gateway: TestGateway
    private let verify: PlayedService
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway([
            "required": "service: data\nauth: required", "optional": "service: data\nauth: optional",
            "none": "service: data",
        ])
        try gateway.folder.write(
            "listen: 127.0.0.1:0\nverify: unix:verify.sock\nverdict_grace: 5m\n"
                + "token_cookies: [session, __session, __session_*]\n", to: "postern.yaml")
        verify = try gateway.service("verify")
        service = try gateway.service()
        try gateway.reload()
    }

    private func verdict(_ status: Int = 200) -> String {
        "HTTP/1.1 \(status) X\r\nPostern-User: 7\r\nCache-Control: max-age=60\r\nConnection: close\r\n"
            + "Content-Length: 0\r\n\r\n"
    }

    /// Sends a request; returns the question's text, what the service saw, and the answer.
    private func exchange(
        _ text: String, verdict: String? = nil
    ) throws -> (question: String?, seen: Seen?, answer: Answer?) {
        let client = try gateway.client()
        client.send(text)
        gateway.settle()
        var question: String?
        if let auth = verify.take() {
            question = auth.receiveText()
            auth.send(verdict ?? self.verdict())
            gateway.settle()
        }
        var seen: Seen?
        if let connection = service.take() {
            seen = try Seen(connection.receiveText())
            connection.send(ok("x", "Connection: close"))
            gateway.settle()
        }
        let answer = client.receiveText()
        return (question, seen, answer.isEmpty ? nil : try Answer(answer))
    }

    private func asked(_ cookies: String) -> String {
        "GET /verify HTTP/1.1\r\nHost: auth\r\nCookie: \(cookies)\r\n\r\n"
    }

    @Test("the auth service is asked with the cookies that may be tokens, and the service gets the others")
    func question() throws {
        let found = try exchange(get("/required", "Cookie: theme=dark; __session=a.b.c; lang=en"))
        #expect(found.question == asked("__session=a.b.c"))
        #expect(found.seen?.values("Cookie") == ["theme=dark; lang=en"])
        #expect(found.seen?["Postern-User"] == "7")
        // The verdict is kept, by the pair and not by what is around it.
        let again = try exchange(get("/required", "Cookie: __session=a.b.c"))
        #expect(again.question == nil)
        #expect(again.answer?.status == 200)
        #expect(again.seen?["Cookie"] == nil)
        #expect(gateway.worker.authenticator.hits == 1)
    }

    @Test("several are asked about together, in their order, four at most, over several fields too")
    func several() throws {
        let found = try exchange(
            get("/required", "Cookie: __session_x=1; a=b;session=2", "Cookie: __session=3; __session_y=4; session=5"))
        #expect(found.question == asked("__session_x=1; session=2; __session=3; __session_y=4"))
        #expect(found.seen?.values("Cookie") == ["a=b"])
        #expect(
            try exchange(
                get("/required", "Cookie: __session_x=1; session=2; __session=3; __session_y=4")
            ).question == nil)
    }

    @Test("Authorization goes before cookies, which stay here all the same")
    func authorization() throws {
        let found = try exchange(get("/required", "Cookie: session=a; x=y", "Authorization: Bearer t"))
        #expect(found.question == "GET /verify HTTP/1.1\r\nHost: auth\r\nAuthorization: Bearer t\r\n\r\n")
        #expect(found.seen?["Cookie"] == "x=y")
        #expect(found.seen?["Authorization"] == nil)
    }

    @Test("the same bytes in the other place are another question, and another verdict")
    func places() throws {
        #expect(try exchange(get("/required", "Cookie: session=t")).answer?.status == 200)
        let forged = try exchange(get("/required", "Authorization: session=t"), verdict: verdict(401))
        #expect(forged.question == "GET /verify HTTP/1.1\r\nHost: auth\r\nAuthorization: session=t\r\n\r\n")
        #expect(forged.answer?.status == 401)
        #expect(try exchange(get("/required", "Cookie: session=t")).answer?.status == 200)
    }

    @Test(
        "what is no such cookie is none",
        arguments: ["Session=t", "xsession=t", "sessions=t", "__sessio=t", "x=session=t", "a=b"])
    func others(cookie: String) throws {
        let found = try exchange(get("/required", "Cookie: \(cookie)"))
        #expect(found.question == nil)
        #expect(found.answer?.status == 401)
    }

    @Test(
        "a pair is found however many blanks and semicolons are around it, and stays here",
        arguments: [
            "a=b;session=t", "  session = t;a=b", ";;session=t;; a=b;", "a=b; session=t; session=u",
        ])
    func blanks(cookies: String) throws {
        let found = try exchange(get("/required", "Cookie: \(cookies)"))
        #expect(found.question?.contains("Cookie: session") == true)
        #expect(found.seen?.values("Cookie") == ["a=b"])
    }

    @Test("where no token is needed, a cookie that is refused is none; where no token is judged, cookies go on")
    func optional() throws {
        let refused = try exchange(get("/optional", "Cookie: session=old; a=b"), verdict: verdict(401))
        #expect(refused.question == asked("session=old"))
        #expect(refused.answer?.status == 200)
        #expect(refused.seen?["Postern-User"] == nil)
        #expect(refused.seen?["Cookie"] == "a=b")
        #expect(try exchange(get("/required", "Cookie: session=old")).answer?.status == 401)
        let open = try exchange(get("/none", "Cookie: session=t; a=b"))
        #expect(open.question == nil)
        #expect(open.seen?["Cookie"] == "session=t; a=b")
    }

    @Test("an auth service that cannot tell is 503 with its own Retry-After, and is asked again")
    func cannotTell() throws {
        let unknown =
            "HTTP/1.1 503 X\r\nRetry-After: 17\r\nCache-Control: max-age=60\r\nConnection: close\r\n"
            + "Content-Length: 0\r\n\r\n"
        for _ in 0..<2 {
            let found = try exchange(get("/required", "Cookie: session=t"), verdict: unknown)
            #expect(found.question == asked("session=t"))
            #expect(found.answer?.status == 503)
            #expect(found.answer?["Retry-After"] == "17")
        }
        let odd = unknown.replacing("17", with: "soon")
        #expect(try exchange(get("/optional", "Cookie: session=t"), verdict: odd).answer?["Retry-After"] == "1")
    }

    @Test("names are what browsers may send, eight at most; a star stands at the end alone")
    func names() throws {
        let configuration = try TestConfiguration()
        for name in ["a b", "a=b", "a;b", "*", "a*b", "é"] {
            #expect(
                try configuration.problems("postern.yaml", "listen: 127.0.0.1:1\ntoken_cookies: [\"\(name)\"]\n").count
                    == 1, "\(name)")
        }
        let many = (1...9).map { "c\($0)" }.joined(separator: ", ")
        #expect(
            try configuration.problems("postern.yaml", "listen: 127.0.0.1:1\ntoken_cookies: [\(many)]\n") == [
                "postern.yaml:2:16: `token_cookies` has 9 names. "
                    + "Write 8 at most; `NAME*` stands for all names that begin so."
            ])
    }
}
