import Glibc
import Logging
import Testing

@testable import Gateway
@testable import Shared

@Suite("Checking instances")
final class HealthCheckerTests {
    private let loop: EventLoop
    private let folder: TemporaryFolder
    private let service: PlayedService
    private let counters = HealthCounters()
    private let checker: HealthChecker
    private let state = InstanceState()

    init() throws {
        loop = try EventLoop()
        folder = try TemporaryFolder()
        service = try PlayedService(folder["data.sock"])
        checker = HealthChecker(
            loop: loop, counters: counters, logger: Logger(label: "t") { _ in SwiftLogNoOpLogHandler() },
            chance: { 0.5 })
    }

    deinit { checker.stop() }

    private func target(
        _ state: InstanceState? = nil, path: String = "/healthz", address: InstanceAddress? = nil,
        isCheckedWhenIdle: Bool = true
    ) -> HealthTarget {
        var rule = HealthRule()
        rule.path = Array(path.utf8)
        return HealthTarget(
            address: address ?? .unix(path: service.path), state: state ?? self.state, rule: rule, service: "data",
            hostField: Array("Host: localhost\r\n".utf8), isCheckedWhenIdle: isCheckedWhenIdle)
    }

    private func settle() { for _ in 0..<12 { loop.turn(waitingAtMost: 0) } }

    private func advance(by nanoseconds: UInt64) {
        loop.clockAdvance += nanoseconds
        settle()
    }

    /// Answers the check under way; nil where there is none.
    @discardableResult
    private func answer(_ response: String) -> String? {
        settle()
        guard let connection = service.take() else { return nil }
        let request = connection.receiveText()
        connection.send(response)
        settle()
        return request
    }

    /// The same after the time between two.
    private func next(_ response: String) {
        advance(by: 5 * second)
        #expect(answer(response) != nil)
    }

    private var failed: String { "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n" }

    private func count(_ name: String) -> UInt64 {
        var tally = Tally()
        counters.add(to: &tally)
        return tally[name]
    }

    @Test("the first check comes at once, and asks for the path on a connection that ends with it")
    func first() throws {
        checker.keep([target()])
        let request = try #require(answer(ok("fine")))
        #expect(request.hasPrefix("GET /healthz HTTP/1.1\r\nHost: localhost\r\n"))
        #expect(request.contains("Connection: close\r\n"))
        #expect(state.isUp && service.take() == nil)
        #expect(count("health.checks") == 1 && count("health.failures") == 0)
    }

    @Test("three failures take an instance out, two good answers bring it back")
    func thresholds() {
        checker.keep([target()])
        answer(ok(""))
        next(failed)
        next(failed)
        #expect(state.isUp)
        next(failed)
        #expect(!state.isUp && !state.isOpen)
        next(ok(""))
        #expect(!state.isUp)
        next(ok(""))
        #expect(state.isUp)
        // It begins anew, with a growing share.
        #expect(state.joinedAt > 0)
        #expect(count("health.checks") == 6 && count("health.failures") == 3)
    }

    @Test("at the start an instance counts as up until its first check says otherwise")
    func start() {
        checker.keep([target()])
        #expect(state.isUp)
        answer(failed)
        #expect(!state.isUp)
    }

    @Test("who listens on an instance's socket and may not is no instance that is well")
    func foreignPeer() {
        var foreign = target()
        foreign.peers = PeerRule([UInt32.max - 1])
        checker.keep([foreign])
        settle()
        #expect(!state.isUp && count("health.failures") == 1)
        // It was connected to, and asked for nothing.
        #expect(service.take()?.receiveText() == "")
        var own = target()
        own.peers = PeerRule([geteuid()])
        checker.keep([own])
        next(ok(""))
        next(ok(""))
        #expect(state.isUp)
    }

    @Test("one that has come is used when it has passed a check")
    func joining() {
        let state = InstanceState(isUp: false)
        checker.keep([target(state)])
        answer(failed)
        #expect(!state.isOpen)
        next(ok(""))
        #expect(state.isOpen && !state.isJoining)
    }

    @Test("silence beyond the time is a failure, and the connection is closed")
    func silence() throws {
        checker.keep([target()])
        settle()
        let connection = try service.accept()
        _ = connection.receiveText()
        advance(by: second)
        #expect(connection.isClosed)
        #expect(count("health.failures") == 1 && !state.isUp)
    }

    @Test("no connection, a broken one and what is no HTTP are failures")
    func broken() {
        checker.keep([target()])
        answer("nonsense\r\n\r\n")
        #expect(count("health.failures") == 1)
        advance(by: 5 * second)
        service.take()?.close()
        settle()
        #expect(count("health.failures") == 2)
        service.stop()
        advance(by: 5 * second)
        #expect(count("health.failures") == 3)
    }

    @Test("without a path a connection is all that is wanted, and nothing is sent on it")
    func connectOnly() throws {
        let state = InstanceState(isUp: false)
        checker.keep([target(state, path: "")])
        settle()
        #expect(state.isUp)
        #expect(try service.accept().receiveText() == "")
        service.stop()
        advance(by: 5 * second)
        #expect(count("health.failures") == 1)
    }

    @Test("over TCP a connection is waited for")
    func tcp() throws {
        let listener = try PlayedService(address: "127.0.0.1")
        let state = InstanceState(isUp: false)
        checker.keep([target(state, path: "", address: .tcp(address: "127.0.0.1", port: listener.port))])
        for _ in 0..<100 where !state.isUp { loop.turn(waitingAtMost: 10 * millisecond) }
        #expect(state.isUp)
    }

    @Test("what is not checked any more counts as up; what is new is checked, and nothing twice")
    func kept() {
        checker.keep([target()])
        answer(failed)
        #expect(!state.isUp)
        checker.keep([target()])
        settle()
        #expect(service.take() == nil && !state.isUp)
        checker.keep([])
        #expect(state.isUp)
        advance(by: 20 * second)
        #expect(service.take() == nil)
    }

    @Test("another rule is used at once, and what is known stays")
    func otherRule() {
        checker.keep([target()])
        answer(failed)
        checker.keep([target(path: "/other")])
        #expect(answer(ok(""))?.hasPrefix("GET /other ") == true)
        #expect(!state.isUp)
        next(ok(""))
        #expect(state.isUp)
    }

    @Test("a service that may stop for want of requests is checked while it is in use alone: a check would start it")
    func idle() {
        checker.keep([target(isCheckedWhenIdle: false)])
        advance(by: 20 * second)
        #expect(service.take() == nil && state.isUp)
        state.begin()
        advance(by: 5 * second)
        #expect(answer(ok("")) != nil)
        state.end()
        advance(by: 20 * second)
        #expect(service.take() == nil)
        // One that was found ill is asked until it is well.
        state.begin()
        for _ in 1...3 { next(failed) }
        state.end()
        #expect(!state.isUp)
        next(ok(""))
        next(ok(""))
        #expect(state.isUp)
    }

    @Test("an address of two services is checked once")
    func shared() {
        let address = InstanceAddress.unix(path: "/a")
        var slow = HealthRule()
        slow.interval = 60 * second
        let services = [
            ServiceRule(name: "a", file: "", instances: [address], health: slow),
            ServiceRule(name: "b", file: "", instances: [address], health: HealthRule()),
            ServiceRule(name: "c", file: "", instances: [.unix(path: "/c")]),
        ]
        let targets = HealthTarget.all(of: services, [address: state, .unix(path: "/c"): InstanceState()])
        #expect(targets.map(\.service) == ["a"])
        #expect(targets.first?.rule == slow)
    }
}
