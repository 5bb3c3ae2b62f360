import Logging
import Testing

@testable import Gateway
@testable import Shared

/// Who answers when the test says so.
private final class PlayedResolver: NameResolver {
    private(set) var asked: [(host: String, isIPv6: Bool, done: (NameAnswer) -> Void)] = []

    func ask(_ host: String, isIPv6: Bool, _ done: @escaping (NameAnswer) -> Void) {
        asked.append((host, isIPv6, done))
    }

    /// Answers all questions about a name that have been asked, for IPv4; it has no others.
    func answer(_ host: String, _ answer: NameAnswer) {
        let mine = asked.filter { $0.host == host }
        asked.removeAll { $0.host == host }
        for question in mine {
            if case .found = answer, question.isIPv6 { question.done(.none) } else { question.done(answer) }
        }
    }
}

@Suite("Names are looked up, and again when their time is over")
struct NameDirectoryTests {
    private let loop: EventLoop
    private let resolver = PlayedResolver()
    private let counters = OutsideCounters()
    private let told = Told()
    private let directory: NameDirectory
    private let name = ServiceName(host: "a.example", allowsPrivate: false)
    private let other = ServiceName(host: "b.example", allowsPrivate: false)

    private final class Told {
        var tables: [[ServiceName: [IPAddress]]] = []
        var settled = 0
    }

    init() throws {
        let loop = try EventLoop()
        self.loop = loop
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        directory = NameDirectory(
            loop: loop, resolver: resolver, settings: ResolverConfiguration(), counters: counters, logger: logger
        ) { [told] in told.tables.append($0) }
    }

    private func advance(_ seconds: UInt64) {
        loop.clockAdvance += seconds * second
        loop.turn(waitingAtMost: 0)
    }

    private func found(_ text: String, ttl: UInt32 = 60) -> NameAnswer {
        .found([IPAddress(text)].compactMap { $0 }, ttl: ttl)
    }

    @Test("each name is asked for in both families; who waits is told when all have been answered, or not")
    func settle() {
        directory.keep([name, other]) { [told] in told.settled += 1 }
        #expect(resolver.asked.count == 4)
        resolver.answer("a.example", found("9.9.9.9"))
        #expect(told.tables.map { $0[name]?.map(\.description) } == [["9.9.9.9"]])
        #expect(told.settled == 0)
        resolver.answer("b.example", .failed("timeout"))
        #expect(told.settled == 1)
        #expect(told.tables.count == 1)
        #expect(counters[.nameResolved] == 1 && counters[.nameFailed] == 1)
        directory.keep([name, other]) { [told] in told.settled += 1 }
        #expect(told.settled == 2)
    }

    @Test("a name is asked for again when its time is over, and once at a time")
    func again() {
        directory.keep([name]) {}
        resolver.answer("a.example", found("9.9.9.9", ttl: 60))
        advance(59)
        #expect(resolver.asked.isEmpty)
        advance(2)
        #expect(resolver.asked.count == 2)
        advance(600)
        #expect(resolver.asked.count == 2)
        resolver.answer("a.example", found("9.9.9.8", ttl: 60))
        #expect(told.tables.last?[name]?.map(\.description) == ["9.9.9.8"])
        resolver.answer("a.example", found("9.9.9.7"))
        #expect(told.tables.count == 2)
    }

    @Test("the same answer is not told again")
    func same() {
        directory.keep([name]) {}
        resolver.answer("a.example", found("9.9.9.9"))
        advance(61)
        resolver.answer("a.example", found("9.9.9.9"))
        #expect(told.tables.count == 1)
    }

    @Test("a name that is kept no longer is not asked for, and an answer that comes late is for nobody")
    func dropped() {
        directory.keep([name]) {}
        directory.keep([other]) {}
        resolver.answer("a.example", found("9.9.9.9"))
        #expect(told.tables.isEmpty)
        advance(600)
        #expect(resolver.asked.allSatisfy { $0.host == "b.example" })
        // Asked for anew, it does not take the old answer for its own.
        directory.keep([name, other]) {}
        #expect(resolver.asked.filter { $0.host == "a.example" }.count == 2)
    }

    @Test("a private address is counted and left out, and the name is settled all the same")
    func refused() {
        directory.keep([name]) { [told] in told.settled += 1 }
        resolver.answer("a.example", found("127.0.0.1"))
        #expect(told.settled == 1 && told.tables.isEmpty)
        #expect(counters[.addressRefused] == 1)
        #expect(directory[name].isEmpty)
    }

    @Test("one name may lead inside for one service, and not for another")
    func twoPolicies() {
        let inner = ServiceName(host: "a.example", allowsPrivate: true)
        directory.keep([name, inner]) {}
        resolver.answer("a.example", found("10.0.0.1"))
        #expect(directory[inner].map(\.description) == ["10.0.0.1"])
        #expect(directory[name].isEmpty)
    }
}
