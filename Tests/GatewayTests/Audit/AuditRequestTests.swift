import Testing

@testable import Gateway

@Suite("Requests of an audit, as they are written down")
struct AuditRequestTests {
    @Test("a line is a method and a path or a URL; its host is told, and another is never asked")
    func lines() throws {
        let path = try #require(AuditRequest(line: "GET /a?b#c"))
        #expect(path.target == "/a?b" && path.host == nil && path.isSafe)
        let url = try #require(AuditRequest(line: "POST https://shop.example:8443/x HTTP/1.1"))
        #expect(url.target == "/x" && url.host == "shop.example:8443" && !url.isSafe)
        #expect(AuditRequest(line: "GET http://shop.example")?.target == "/")
        for line in ["GET", "get /a", "GET a", "GET /a b", "GET ftp://x/", "", "GET http:///x", "GET /ä"] {
            #expect(AuditRequest(line: line[...]) == nil, "\(line)")
        }
    }

    @Test("a file holds lines, fields, bodies and remarks")
    func file() {
        let text = """
            # a remark
            GET /a
            GET /b
            X-A: 1
            Host: other.example

            ### with a body
            POST /c HTTP/1.1
            Content-Type: text/plain

            two
            lines

            ###
            nonsense
            DELETE /d\r

            """
        let (requests, unread) = AuditRequestFile.requests(text)
        #expect(requests.map { "\($0.method) \($0.target)" } == ["GET /a", "GET /b", "POST /c", "DELETE /d"])
        #expect(requests[1].fields == ["X-A: 1"] && requests[1].host == "other.example")
        #expect(requests[2].fields == ["Content-Type: text/plain"])
        #expect(String(decoding: requests[2].body, as: UTF8.self) == "two\nlines")
        #expect(requests[3].body.isEmpty && unread == [15])
    }

    @Test("an access log gives its request lines, each once")
    func log() {
        let text = """
            192.0.2.1 - - [25/Nov/2026:18:00:00 +0000] "GET /a?b HTTP/1.1" 200 12
            192.0.2.1 - bob [25/Nov/2026:18:00:01 +0000] "GET /a?b HTTP/1.1" 200 12 "-" "curl/8"
            192.0.2.1 - - [25/Nov/2026:18:00:02 +0000] "POST /c HTTP/2.0" 200 12 "http://x.example/" "y"
            192.0.2.1 - - [25/Nov/2026:18:00:03 +0000] "\\x16\\x03" 400 0
            """
        let (requests, unread) = AuditRequestFile.requests(log: text)
        #expect(requests.map { "\($0.method) \($0.target)" } == ["GET /a?b", "POST /c"])
        #expect(unread == [4])
    }

    @Test("each route is asked by each method that it takes, with values for its parameters")
    func routes() throws {
        let folder = try TemporaryFolder()
        try TestGateway.write(
            [
                "a/[id]": "service: data\nmethods: [GET, POST]", "b/[...rest]": "service: data\nmethods: GET",
                "c/[[...rest]]": "service: data\nmethods: GET",
            ], ["data": "instances: unix:data.sock"], to: folder)
        let tree = try TestGateway.load(folder).routes
        func asked(_ values: [String: String]) -> [String] {
            RouteRequests.requests(tree, values: values).map { "\($0.method) \($0.target)" }
        }
        #expect(asked([:]) == ["GET /a/sample", "POST /a/sample", "GET /b/sample", "GET /c"])
        #expect(
            asked(["id": "x y/z", "rest": "p/q"]) == [
                "GET /a/x%20y%2Fz", "POST /a/x%20y%2Fz", "GET /b/p/q", "GET /c/p/q",
            ])
    }
}
