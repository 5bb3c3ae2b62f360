import Logging
import Synchronization
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
        #expect(set.refreshInstances() == (added: 0, removed: 0))

        let first = try PlayedService(folder["data/1.sock"])
        let second = try PlayedService(folder["data/2.sock"])
        #expect(set.refreshInstances() == (added: 2, removed: 0))
        #expect(workers.map { $0.table.services[0].instances.count } == [0, 0])
        for loop in loops { loop.turn(waitingAtMost: 0) }
        #expect(workers.map { $0.table.services[0].instances.count } == [2, 2])
        #expect(set.size == (routes: 1, instances: 3))

        first.stop()
        #expect(set.refreshInstances() == (added: 0, removed: 1))
        #expect(set.refreshInstances() == (added: 0, removed: 0))
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

    @Test("the watcher finds a new instance by itself")
    func watcher() async throws {
        let set = WorkerSet(try TestGateway.load(folder))
        let watcher = InstanceWatcher(
            set, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, every: .milliseconds(1))
        defer { watcher.stop() }
        let service = try PlayedService(folder["data/1.sock"])
        let end = ContinuousClock.now + .seconds(60)
        while set.size.instances == 1, ContinuousClock.now < end { await Task.yield() }
        #expect(set.size.instances == 2)
        withExtendedLifetime(service) {}
    }
}
