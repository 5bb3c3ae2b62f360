import Testing

@testable import Shared

@Suite("Places for connections")
struct ConnectionQuotaTests {
    private func quota(_ all: Int, perClient: Int) -> ConnectionQuota {
        var limits = ServerLimits()
        limits.connections = all
        limits.connectionsPerClient = perClient
        return ConnectionQuota(limits)
    }

    @Test("a place that is given back can be taken again; what is refused is counted by its reason")
    func places() throws {
        let quota = quota(3, perClient: 2)
        let first = try #require(quota.take(client: 1))
        _ = try #require(quota.take(client: 1))
        #expect(quota.take(client: 1) == nil)
        _ = try #require(quota.take(client: 2))
        #expect(quota.take(client: 3) == nil)
        #expect(quota.take(client: nil) == nil)
        #expect(quota.refusals == ConnectionQuota.Refusals(full: 2, clientFull: 1))
        quota.give(first)
        #expect(quota.count == 2)
        #expect(quota.take(client: 1) != nil)
    }

    @Test("who has no address is counted in all alone")
    func unaddressed() {
        let quota = quota(3, perClient: 1)
        for _ in 0..<3 { #expect(quota.take(client: nil) != nil) }
        #expect(quota.take(client: nil) == nil)
    }

    @Test("a connection gives its place back when it closes, once")
    func connection() throws {
        let test = try ServerUnderTest { $0.connections = 1 }
        let (descriptor, peer) = try Transport.tcp.pair()
        let connection = try #require(try test.context.accept(descriptor))
        #expect(try test.context.accept(try Transport.tcp.pair().descriptor) == nil)
        connection.abort()
        connection.abort()
        #expect(try test.context.accept(try Transport.tcp.pair().descriptor) != nil)
        #expect(try test.context.accept(try Transport.tcp.pair().descriptor) == nil)
        peer.close()
    }
}
