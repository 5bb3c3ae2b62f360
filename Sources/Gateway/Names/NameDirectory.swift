import Logging
import Shared

/// Keeps what the names of services lead to, on one loop that forwards nothing: asks at once, and again when an answer's
/// time is over. What has changed is told whole; who connects uses what was judged here, and asks nobody again.
final class NameDirectory {
    private let loop: EventLoop
    private let logger: Logger
    private let counters: OutsideCounters
    private let changed: ([ServiceName: [IPAddress]]) -> Void
    private var resolver: any NameResolver
    private var settings: ResolverConfiguration
    private var records: [ServiceName: NameRecord] = [:]
    /// Asked, and not answered yet: what has come of it so far. The number tells one question from an older one.
    private var questions: [ServiceName: Question] = [:]
    private var nextQuestion: UInt64 = 0
    private var timer: LoopTimer?
    private var waiting: [(names: Set<ServiceName>, done: () -> Void)] = []

    private struct Question {
        let number: UInt64
        var short: NameAnswer?
        var long: NameAnswer?
    }

    /// - Parameter changed: is given the whole table each time that a name leads elsewhere than before.
    init(
        loop: EventLoop, resolver: any NameResolver, settings: ResolverConfiguration, counters: OutsideCounters,
        logger: Logger, changed: @escaping ([ServiceName: [IPAddress]]) -> Void
    ) {
        self.loop = loop
        self.resolver = resolver
        self.settings = settings
        self.counters = counters
        self.logger = logger
        self.changed = changed
        timer = LoopTimer(loop: loop) { [unowned self] in askDue() }
    }

    deinit { timer?.invalidate() }

    var addresses: [ServiceName: [IPAddress]] { records.compactMapValues { $0.isSettled ? $0.addresses : nil } }

    subscript(name: ServiceName) -> [IPAddress] { records[name]?.addresses ?? [] }

    /// Other settings, and who asks by them.
    func use(_ resolver: any NameResolver, _ settings: ResolverConfiguration) {
        self.resolver = resolver
        self.settings = settings
        questions = [:]
    }

    /// From now on these names are kept, and no others; `done` is called when each has been asked for once.
    func keep(_ names: Set<ServiceName>, done: @escaping () -> Void) {
        for name in records.keys where !names.contains(name) {
            records[name] = nil
            questions[name] = nil
        }
        for name in names where records[name] == nil { records[name] = NameRecord(allowsPrivate: name.allowsPrivate) }
        waiting.append((names, done))
        askDue()
        tellWaiting()
    }

    private func askDue() {
        for (name, record) in records where record.due <= loop.now && questions[name] == nil { ask(name) }
        setTimer()
    }

    private func setTimer() {
        let next = records.filter { questions[$0.key] == nil }.map(\.value.due).min()
        if let next { timer?.set(max(next, loop.now)) } else { timer?.cancel() }
    }

    private func ask(_ name: ServiceName) {
        nextQuestion += 1
        let number = nextQuestion
        questions[name] = Question(number: number)
        for isIPv6 in [true, false] {
            resolver.ask(name.host, isIPv6: isIPv6) { [weak self] answer in
                self?.take(answer, isIPv6, name, number)
            }
        }
    }

    private func take(_ answer: NameAnswer, _ isIPv6: Bool, _ name: ServiceName, _ number: UInt64) {
        guard var question = questions[name], question.number == number else { return }
        if isIPv6 { question.long = answer } else { question.short = answer }
        questions[name] = question
        guard let short = question.short, let long = question.long, var record = records[name] else { return }
        questions[name] = nil
        let outcome = record.take(short, long, now: loop.now, settings)
        records[name] = record
        report(outcome, name, record)
        setTimer()
        if outcome.isChanged { changed(addresses) }
        tellWaiting()
    }

    private func tellWaiting() {
        let isSettled = { [records] (name: ServiceName) in records[name]?.isSettled ?? true }
        let over = waiting.filter { $0.names.allSatisfy(isSettled) }
        waiting.removeAll { $0.names.allSatisfy(isSettled) }
        for one in over { one.done() }
    }

    /// Once for each thing that begins or ends, not for each question.
    private func report(_ outcome: NameRecord.Outcome, _ name: ServiceName, _ record: NameRecord) {
        let place: Logger.Metadata = ["name": "\(name.host)"]
        counters.count(record.failures > 0 ? .nameFailed : .nameResolved)
        counters.count(.addressRefused, outcome.refusedCount)
        if let reason = outcome.began {
            logger.warning(
                "name cannot be looked up", metadata: place.merging(["reason": "\(reason)"]) { one, _ in one })
        }
        if outcome.isForgotten {
            logger.error("name has not been looked up for too long: its addresses are used no more", metadata: place)
        }
        if outcome.isRecovered { logger.notice("name is looked up again", metadata: place) }
        if !outcome.newlyRefused.isEmpty {
            let text = outcome.newlyRefused.map(\.description).joined(separator: " ")
            logger.warning(
                "name leads to private addresses, which are refused: `allow_private: true` would take them",
                metadata: place.merging(["addresses": "\(text)"]) { one, _ in one })
        }
        if outcome.isChanged {
            logger.info(
                "name leads elsewhere",
                metadata: place.merging(["addresses": "\(record.addresses.count)"]) { one, _ in one })
        }
    }
}
