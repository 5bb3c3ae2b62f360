// Unsafe code: a C string for chown(2).
import Glibc
import Testing

@testable import Gateway
@testable import Shared

@Suite("The workers of all loops")
struct WorkerSetTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TestGateway.write(
            ["x": "service: data"], ["data": "instances: unix:data/*.sock", "one": "instances: unix:one.sock"],
            to: folder)
        try folder.makeFolder("data")
    }

    @Test("instances that come and go are counted, and reach each loop in its next turn")
    func refresh() throws {
        let set = WorkerSet(try TestGateway.load(folder))
        let loops = try [EventLoop(), EventLoop()]
        let workers = loops.map { set.makeWorker(on: $0) }
        #expect(set.size == (routes: 1, instances: 1))
        #expect(set.refreshInstances().isEmpty)

        let first = try PlayedService(folder["data/1.sock"])
        let second = try PlayedService(folder["data/2.sock"])
        #expect(set.refreshInstances().joined == ["unix:\(first.path)", "unix:\(second.path)"])
        #expect(workers.map { $0.table.services[0].instances.count } == [0, 0])
        for loop in loops { loop.turn(waitingAtMost: 0) }
        #expect(workers.map { $0.table.services[0].instances.count } == [2, 2])
        #expect(set.size == (routes: 1, instances: 3))

        first.stop()
        #expect(set.refreshInstances().left == ["unix:\(first.path)"])
        #expect(set.refreshInstances().isEmpty)
        for loop in loops { loop.turn(waitingAtMost: 0) }
        let left = workers.map { $0.table.services[0].instances.map(\.address) }
        #expect(left == [[.unix(path: second.path)], [.unix(path: second.path)]])
    }

    @Test("a worker that is made late works by what is in force then")
    func late() throws {
        let set = WorkerSet(try TestGateway.load(folder))
        try folder.write("service: data\n", to: "routes/y.yaml")
        set.install(try TestGateway.load(folder))
        let worker = set.makeWorker(on: try EventLoop())
        #expect(worker.table.snapshot.tree.routes.map(\.pattern.description) == ["/x", "/y"])
    }

    @Test("loops tell their requests apart")
    func prefixes() throws {
        let set = WorkerSet(try TestGateway.load(folder))
        let loop = try EventLoop()
        let prefixes = Set((0..<16).map { _ in set.makeWorker(on: loop).requestPrefix })
        #expect(prefixes.count == 16)
    }

    @Test("an instance whose socket is made anew under its name is another one: nothing is held against it")
    func renewed() throws {
        let address = InstanceAddress.unix(path: folder["data/1.sock"])
        let first = try PlayedService(folder["data/1.sock"])
        let set = WorkerSet(try TestGateway.load(folder))
        let worker = set.makeWorker(on: try EventLoop())
        let pool = try #require(worker.table.pools[address])
        set.states[address]?.isDraining = true
        try folder.write("", to: "data/other")
        set.refreshInstances()
        #expect(set.states[address]?.isDraining == true)
        first.stop()
        let second = try PlayedService(folder["data/1.sock"])
        #expect(set.refreshInstances().isEmpty)
        #expect(set.states[address]?.isDraining == false)
        worker.loop.turn(waitingAtMost: 0)
        #expect(worker.table.pools[address] !== pool)
        withExtendedLifetime(second) {}
    }

    @Test("a socket of a foreign user is no instance, and is told of", .enabled(if: geteuid() == 0))
    func foreign() throws {
        let service = try PlayedService(folder["data/1.sock"])
        #expect(unsafe chown(service.path, 4321, 4321) == 0)
        let set = WorkerSet(try TestGateway.load(folder))
        #expect(set.size.instances == 1)
        let refused = set.folders.refused
        #expect(refused.map(\.path) == [service.path])
        #expect(refused.map(\.owner) == [4321])
        #expect(set.serviceReports().first { $0.name == "data" }?.refused == [service.path])
    }
}
