import ArgumentParser
import Testing

@testable import Shared

@Suite("METHOD URL of explain")
struct ExplainArgumentsTests {
    @Test("A path is the request target as it stands, its query included, its fragment left out")
    func path() throws {
        let request = try ExplainArguments.parse(["GET", "/api/posts?limit=2#top"])
        #expect(request.method == "GET")
        #expect(request.target == "/api/posts?limit=2")
        #expect(request.authority == nil)
    }

    @Test(
        "A whole URL is cut into authority and target",
        arguments: [
            ("http://127.0.0.1:3000/api/users/1", "127.0.0.1:3000", "/api/users/1"),
            ("https://api.example", "api.example", "/"),
            ("HTTP://api.example?a=%31", "api.example", "/?a=%31"),
            ("http://[::1]:3000/x", "[::1]:3000", "/x"),
        ])
    func wholeURL(url: String, authority: String, target: String) throws {
        let request = try ExplainArguments.parse(["GET", url])
        #expect(request.authority == authority)
        #expect(request.target == target)
    }

    @Test("What is neither a path nor an http URL is refused", arguments: ["api/users", "ftp://a/b", "http://", ""])
    func noURL(url: String) {
        #expect(throws: (any Error).self) { try ExplainArguments.parse(["GET", url]) }
    }

    @Test("A method in lower case is refused with the right one", arguments: ["get", "Post"])
    func lowerCase(method: String) {
        #expect {
            try ExplainArguments.parse([method, "/"])
        } throws: {
            ExplainArguments.message(for: $0).contains("write \(method.uppercased())")
        }
    }

    @Test("A method that is no token is refused", arguments: ["", "G ET", "GET/", "GÉT"])
    func noToken(method: String) {
        #expect(throws: (any Error).self) { try ExplainArguments.parse([method, "/"]) }
    }

    @Test("A method that no registry knows is a method")
    func unknownMethod() throws {
        #expect(try ExplainArguments.parse(["PURGE", "/"]).method == "PURGE")
    }
}
