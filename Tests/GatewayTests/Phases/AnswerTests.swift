import Testing

@testable import Gateway

@Suite("Routes without a service")
struct AnswerTests {
    @Test("a redirect puts parameters into a path, keeps the query, and needs no service")
    func redirect() throws {
        let gateway = try TestGateway([
            "old/[id]": "redirect: /new/{id}",
            "docs/[[...rest]]": "redirect: {to: 'https://docs.example:8443/v2/{rest...}?from=here', status: 302}",
            "plain": "redirect: {to: /, query: drop, status: 301}\nmethods: [GET]\nauth: none",
        ])
        let answer = try gateway.answer(get("/old/a%20b?x=1&y=%0d"))
        #expect(answer.status == 308)
        #expect(answer["Location"] == "/new/a%20b?x=1&y=%0d")
        #expect(answer["Content-Length"] == "0")
        #expect(answer["Date"] != nil)
        let other = try gateway.answer(get("/docs/a/b?x"))
        #expect(other.status == 302)
        #expect(other["Location"] == "https://docs.example:8443/v2/a/b?from=here&x")
        #expect(try gateway.answer(get("/docs"))["Location"] == "https://docs.example:8443/v2?from=here")
        let dropped = try gateway.answer(get("/plain?x=1"))
        #expect(dropped.status == 301 && dropped["Location"] == "/")
        #expect(try gateway.answer(request("POST", "/plain")).status == 405)
        #expect(gateway.worker.counters.answered == 4)
    }

    @Test(
        "no parameter leads to another host, out of its segment, or into a field of its own",
        arguments: [
            ("/evil.example", "/evil.example/"), ("/%2Fevil.example", "/%2Fevil.example/"),
            ("/%40evil.example", nil), ("/evil.example%3F%23", "/evil.example%3F%23/"),
            ("/https:%2F%2Fevil.example", nil),
            ("/x%0d%0aSet-Cookie:a", nil), ("/%5Cevil.example", nil), ("/..%2f..", nil), ("//evil.example", nil),
        ])
    func injection(_ path: String, _ location: String?) throws {
        // A catch-all that takes nothing stands before the parameter: `//evil.example` would be another host.
        let gateway = try TestGateway(["[id]/[[...rest]]": "redirect: '/{rest...}/{id}'"])
        let answer = try gateway.answer(get(path))
        guard answer.status == 308, let sent = answer["Location"] else { return #expect(answer.status == 400) }
        #expect(sent.hasPrefix("/") && !sent.hasPrefix("//") && !sent.hasPrefix("/\\"))
        #expect(!answer.names.contains("set-cookie"))
        if let location { #expect(sent + "/" == location) }
        #expect(sent.split(separator: "/").count == 1)
    }

    @Test("a fixed answer has its type, its fields, a validator and a length, and 304 for those who have it")
    func respond() throws {
        let gateway = try TestGateway([
            "text": "respond: {body: 'Hello', headers: {Cache-Control: 'max-age=60', X-One: '1'}}",
            "json": "respond: {status: 503, json: {error: Later, retry: [1, 2.50, null, 'no', yes, \"1\"]}}",
            "empty": "respond: {status: 204}",
            "robots.txt":
                "respond: {body: \"User-agent: *\\nDisallow: /\\n\", content_type: text/plain}\nmethods: [GET]",
        ])
        let text = try gateway.answer(get("/text"))
        #expect(text.status == 200 && text.body == "Hello")
        #expect(text["Content-Type"] == "text/plain; charset=utf-8" && text["Content-Length"] == "5")
        #expect(text["Cache-Control"] == "max-age=60" && text["X-One"] == "1")
        let tag = try #require(text["ETag"])
        let known = try gateway.answer(get("/text", "If-None-Match: \"x\", W/\(tag)"))
        #expect(known.status == 304 && known.body.isEmpty && known["ETag"] == tag)
        #expect(known["Cache-Control"] == "max-age=60")
        #expect(try gateway.answer(request("POST", "/text", ["If-None-Match: *"])).status == 200)
        let head = try gateway.answer(request("HEAD", "/text"))
        #expect(head.status == 200 && head.body.isEmpty && head["Content-Length"] == "5")
        let json = try gateway.answer(get("/json", "If-None-Match: *"))
        #expect(json.status == 503)
        #expect(json.body == #"{"error":"Later","retry":[1,2.50,null,"no","yes","1"]}"#)
        #expect(json["Content-Type"] == "application/json; charset=utf-8")
        let empty = try gateway.answer(get("/empty"))
        #expect(empty.status == 204 && empty["Content-Length"] == nil && empty["Content-Type"] == nil)
        #expect(try gateway.answer(get("/robots.txt")).body == "User-agent: *\nDisallow: /\n")
        let refused = try gateway.answer(request("DELETE", "/robots.txt"))
        #expect(refused.status == 405 && refused["Allow"] == "GET, HEAD")
    }

    @Test("a route without a service asks for a token where it says so")
    func authentication() throws {
        let gateway = try TestGateway([
            "x": "respond: {body: secret}\nauth: required", "y": "redirect: /x\nauth: required",
        ])
        for path in ["/x", "/y"] {
            let answer = try gateway.answer(get(path))
            #expect(answer.status == 401 && answer["Location"] == nil && !answer.body.contains("secret"))
        }
    }
}
