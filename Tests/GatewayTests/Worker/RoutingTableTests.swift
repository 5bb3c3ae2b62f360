import Testing

@testable import Gateway
@testable import Shared

@Suite("A configuration on one loop")
struct RoutingTableTests {
    private func snapshot(_ services: [[String]], verify: String? = nil) throws -> Snapshot {
        let rules = services.enumerated().map { index, paths in
            ServiceRule(name: "\(index)", file: "f", instances: paths.map { .unix(path: $0) })
        }
        return Snapshot(tree: try RouteTree([]), services: rules, verify: verify.map { .unix(path: $0) })
    }

    @Test("an instance that several services name is one, with the auth service's too")
    func shared() throws {
        let loop = try EventLoop()
        let table = RoutingTable(try snapshot([["/a", "/b"], ["/b"]], verify: "/a"), former: [:], loop: loop)
        #expect(table.services[0].instances[1] === table.services[1].instances[0])
        #expect(table.verify === table.services[0].instances[0])
        #expect(table.pools.count == 2)
    }

    @Test("instances that stay keep their connections; those that go are let go")
    func former() throws {
        let loop = try EventLoop()
        let first = RoutingTable(try snapshot([["/a", "/b"]]), former: [:], loop: loop)
        let second = RoutingTable(try snapshot([["/b", "/c"]]), former: first.pools, loop: loop)
        #expect(second.services[0].instances[0] === first.services[0].instances[1])
        #expect(Set(second.pools.keys) == [.unix(path: "/b"), .unix(path: "/c")])
    }

    @Test("a former table is let go with the first request after a reload, not kept by exchanges at rest")
    func letGo() throws {
        let gateway = try TestGateway(["x": "service: data"])
        let service = try gateway.service()
        weak var former: RoutingTable?
        former = gateway.worker.table
        let client = try gateway.client()
        client.send(get("/x"))
        let (connection, _) = try gateway.seen(by: service)
        _ = try gateway.answer(get("/none"))
        #expect(former != nil)
        try gateway.reload()
        #expect(former != nil, "a request is under way by it")
        connection.send(ok("x"))
        gateway.settle()
        #expect(former == nil)
    }
}
