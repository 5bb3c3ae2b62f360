import Testing

@testable import Gateway
@testable import Shared

@Suite("Which instances wait for their first check")
struct JoiningTests {
    private let folder: TemporaryFolder
    private let states = InstanceStates()

    init() throws {
        folder = try TemporaryFolder()
        try TestGateway.write(
            ["x": "service: far"],
            [
                "far": "url: http://far.example\nhealth: {every: 5s}",
                "near": "instances: unix:near/*.sock\nhealth: {every: 5s}",
                "plain": "instances: unix:plain/*.sock",
            ], to: folder)
        for name in ["near", "plain"] { try folder.makeFolder(name) }
    }

    /// Whether each instance of a service is up in the next snapshot, where its name leads to some addresses.
    private func areUp(_ service: String, _ addresses: [String] = []) throws -> [Bool] {
        let name = ServiceName(host: "far.example", allowsPrivate: false)
        let known = OutsideTable(addresses: [name: addresses.compactMap { IPAddress($0) }])
        let snapshot = try TestGateway.load(folder).snapshot(known, states)
        let rule = try #require(snapshot.services.first { $0.name == service })
        return rule.instances.map { snapshot.states[$0]?.isUp == true }
    }

    @Test("what is there at the start counts as up; a socket that comes later waits, without checks it does not")
    func folders() throws {
        let first = try ["near", "plain"].map { try PlayedService(folder["\($0)/1.sock"]) }
        #expect(try areUp("near") == [true])
        let second = try ["near", "plain"].map { try PlayedService(folder["\($0)/2.sock"]) }
        #expect(try areUp("near") == [true, false])
        #expect(try areUp("plain") == [true, true])
        withExtendedLifetime((first, second)) {}
    }

    @Test("the first socket of a folder that was empty waits too")
    func empty() throws {
        #expect(try areUp("near") == [])
        let first = try PlayedService(folder["near/1.sock"])
        #expect(try areUp("near") == [false])
        withExtendedLifetime(first) {}
    }

    @Test("an address beside others waits; where a name leads elsewhere as a whole, nobody waits")
    func names() throws {
        #expect(try areUp("far", ["192.0.2.1"]) == [true])
        #expect(try areUp("far", ["192.0.2.1", "192.0.2.2"]) == [true, false])
        #expect(try areUp("far", ["192.0.2.3", "192.0.2.4"]) == [true, true])
    }
}
