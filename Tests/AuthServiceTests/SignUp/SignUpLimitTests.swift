import Testing

@testable import AuthService

@Suite("How many accounts a client may ask for")
struct SignUpLimitTests {
    private func client(_ number: Int) -> ClientNetwork {
        ClientNetwork(bytes: [10, UInt8(number >> 16 & 255), UInt8(number >> 8 & 255), UInt8(number & 255)])
    }

    @Test("so many in an hour, each client for itself")
    func window() {
        var limit = SignUpLimit(perClient: 2)
        #expect(limit.take(client(1), now: 1000) == nil)
        #expect(limit.take(client(1), now: 1600) == nil)
        #expect(limit.take(client(1), now: 2000) == 2600)
        #expect(limit.take(client(2), now: 2000) == nil)
        #expect(limit.take(client(1), now: 4599) == 1)
        #expect(limit.take(client(1), now: 4600) == nil)
        // A clock that was set back locks nobody out.
        #expect(limit.take(client(2), now: 0) == nil)
    }

    @Test("who is not known is one client, and so are those beyond the table's end")
    func bounded() {
        var limit = SignUpLimit(perClient: 1)
        #expect(limit.take(nil, now: 0) == nil)
        #expect(limit.take(nil, now: 1) == 3599)
        limit = SignUpLimit(perClient: 1)
        var refused = 0
        for number in 0..<10_000 where limit.take(client(number), now: 10) != nil { refused += 1 }
        #expect(refused == 0)
        #expect(limit.take(client(10_000), now: 11) == nil)
        #expect(limit.take(client(10_001), now: 11) != nil)
        // Room comes with the windows' end.
        #expect(limit.take(client(10_001), now: 3610) == nil)
    }
}
