import GRDB
import Shared
import Testing

@testable import DataService

@Suite("Long lists")
struct LongListTests {
    private static let count = 5000

    /// The endpoint's own answer to the list of all posts, of which there are many.
    private func answer(_ service: TestService) async throws -> ServiceResponse {
        let other = try DatabaseQueue(path: service.folder.store)
        try await other.write { database in
            for id in 5...Self.count {
                try database.execute(
                    sql: "INSERT INTO posts VALUES (?, 1, ?)", arguments: [id, "a text of some length, number \(id)"])
            }
        }
        let endpoint = try #require(service.endpoints.first { $0.pattern == "/api/posts" })
        return await endpoint.handler.answer(ServiceRequest(.get, "/api/posts"))
    }

    @Test("a list that is too long to be gathered leaves in pieces that together are one array")
    func pieces() async throws {
        let service = try TestService()
        let response = try await answer(service)
        let rest = try #require(response.rest)
        #expect(response.body.count < 2 * DataStore.gatheredBytes)
        var text = String(decoding: response.body, as: UTF8.self)
        var pieces = 0
        while let piece = try await rest.next() {
            text += String(decoding: piece, as: UTF8.self)
            pieces += 1
        }
        #expect(pieces > 1)
        #expect(text.hasPrefix(#"[{"id":1,"userId":1,"text":"Hello, World!"},"#))
        #expect(text.hasSuffix(#","text":"a text of some length, number \#(Self.count)"}]"#))
        #expect(text.split(separator: #"{"id":"#).count - 1 == Self.count)
    }

    @Test("a short list leaves whole")
    func short() async throws {
        let service = try TestService()
        let endpoint = try #require(service.endpoints.first { $0.pattern == "/api/posts" })
        let response = await endpoint.handler.answer(ServiceRequest(.get, "/api/posts"))
        #expect(response.rest == nil)
        #expect(response.body.last == UInt8(ascii: "]"))
    }
}
