import Shared
import Testing

@testable import DataService

@Suite("Peer policy")
struct PeerPolicyTests {
    private func peer(_ user: UInt32) -> PeerCredentials {
        PeerCredentials(processID: 1, userID: user, groupID: 1)
    }

    @Test("without a list anyone may ask, known or not")
    func open() {
        let policy = PeerPolicy(allowedUsers: nil)
        #expect(policy.admits(nil))
        #expect(policy.admits(peer(1000)))
    }

    @Test("with a list only its users may ask, root included only where it is named")
    func listed() {
        let policy = PeerPolicy(allowedUsers: [1000])
        #expect(policy.admits(peer(1000)))
        #expect(!policy.admits(peer(1001)))
        #expect(!policy.admits(peer(0)))
        #expect(!policy.admits(nil))
    }

    @Test("an empty list admits no one")
    func empty() {
        #expect(!PeerPolicy(allowedUsers: []).admits(peer(0)))
    }

    @Test("a refused peer meets 403 and the handler is not called")
    func refusal() async throws {
        let endpoints = [
            ServiceEndpoint(.get, "/a", .immediate { _ in .json(Array("1".utf8)) }),
            ServiceEndpoint(.get, "/b", .concurrent { _ in .json(Array("2".utf8)) }),
        ]
        let guarded = PeerPolicy(allowedUsers: [1000]).guarding(endpoints)
        #expect(guarded.map(\.pattern) == ["/a", "/b"])
        for (endpoint, body) in zip(guarded, ["1", "2"]) {
            let refused = await answer(endpoint, peer: peer(5))
            #expect(refused.status == 403)
            #expect(refused.body == #"{"error":"Forbidden"}"#)
            let admitted = await answer(endpoint, peer: peer(1000))
            #expect(admitted.body == body)
        }
    }

    private func answer(_ endpoint: ServiceEndpoint, peer: PeerCredentials) async -> TestService.Answer {
        let request = ServiceRequest(.get, "/", peer: peer)
        return TestService.Answer(await endpoint.handler.answer(request))
    }
}
