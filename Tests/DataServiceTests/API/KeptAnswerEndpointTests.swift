import Shared
import Testing

@testable import DataService

@Suite("What the data service says on the event loop")
struct KeptAnswerEndpointTests {
    private let service: TestService

    init() throws { service = try TestService() }

    /// What the endpoint has at hand, nil where it would have to read.
    private func atHand(
        _ pattern: String, _ target: String = "/", _ parameters: [(String, [String])] = []
    ) throws -> TestService.Answer? {
        let endpoint = try #require(service.endpoints.first { $0.pattern == pattern })
        guard case .kept(let attempt, _) = endpoint.handler else {
            Issue.record("\(pattern) never has an answer at hand")
            return nil
        }
        return attempt(ServiceRequest(.get, target, parameters: RouteParameters(parameters))).map(
            TestService.Answer.init)
    }

    @Test("an answer is at hand once it was read, until the store changes")
    func kept() async throws {
        #expect(try atHand("/api/posts", "/api/posts?limit=1") == nil)
        let read = try await service.get("/api/posts", "/api/posts?limit=1")
        #expect(try atHand("/api/posts", "/api/posts?limit=1") == read)
        #expect(try atHand("/api/posts", "/api/posts?limit=2") == nil)
        try await service.store.write("UPDATE posts SET text = 'changed' WHERE id = 1")
        #expect(try atHand("/api/posts", "/api/posts?limit=1") == nil)
    }

    @Test("that there is no such record is at hand too")
    func absent() async throws {
        #expect(try atHand("/api/users/[id]", "/", [("id", ["9"])]) == nil)
        let read = try await service.get("/api/users/[id]", "/", [("id", ["9"])])
        #expect(read.status == 404)
        #expect(try atHand("/api/users/[id]", "/", [("id", ["9"])]) == read)
    }

    @Test("an answer that needs no store is always at hand")
    func needsNoStore() throws {
        #expect(try atHand("/api/posts", "/api/posts?limit=x")?.status == 400)
        #expect(try atHand("/api/users/[id]", "/", [("id", ["bob"])])?.status == 404)
        #expect(try atHand("/api/comments/[[...ids]]", "/", [("ids", ["1", "2", "3"])])?.status == 400)
        #expect(try atHand("/api/comments/[[...ids]]", "/", [("ids", ["x"])])?.body == "[]")
    }

    @Test("a refused peer is refused at once, and never gets as far as reading")
    func refusedPeer() async throws {
        let guarded = PeerPolicy(allowedUsers: [1]).guarding(service.endpoints)
        for endpoint in guarded {
            guard case .kept(let attempt, let otherwise) = endpoint.handler else { continue }
            #expect(attempt(ServiceRequest(.get, "/"))?.status == 403)
            #expect(await otherwise(ServiceRequest(.get, "/")).status == 403)
        }
    }
}
