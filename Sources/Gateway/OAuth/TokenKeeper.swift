import Logging
import Shared

/// Keeps the tokens of all services that ask for one, on the control loop: one question at a time for each, however many
/// requests wait; renewed before a token ends. Tokens and secrets are in no log.
final class TokenKeeper {
    private let loop: EventLoop
    private let logger: Logger
    private let counters: OutsideCounters
    /// What a name leads to now.
    private let addresses: (ServiceName) -> [IPAddress]
    private let changed: ([OAuthConfiguration: [UInt8]]) -> Void
    private var records: [OAuthConfiguration: TokenRecord] = [:]
    private var questions: [OAuthConfiguration: TokenQuestion] = [:]
    private var timer: LoopTimer?
    private var waiting: [(tokens: Set<OAuthConfiguration>, done: () -> Void)] = []

    /// - Parameter changed: is given all tokens each time that one is another.
    init(
        loop: EventLoop, counters: OutsideCounters, logger: Logger, addresses: @escaping (ServiceName) -> [IPAddress],
        changed: @escaping ([OAuthConfiguration: [UInt8]]) -> Void
    ) {
        self.loop = loop
        self.counters = counters
        self.logger = logger
        self.addresses = addresses
        self.changed = changed
        timer = LoopTimer(loop: loop) { [unowned self] in work() }
    }

    deinit {
        timer?.invalidate()
        for question in questions.values { question.cancel() }
    }

    private var tokens: [OAuthConfiguration: [UInt8]] {
        records.compactMapValues { $0.field.isEmpty ? nil : $0.field }
    }

    /// From now on these are kept, and no others; `done` is called when each has been asked for once.
    func keep(_ wanted: Set<OAuthConfiguration>, done: @escaping () -> Void) {
        for key in records.keys where !wanted.contains(key) {
            records[key] = nil
            questions.removeValue(forKey: key)?.cancel()
        }
        for key in wanted where records[key] == nil { records[key] = TokenRecord() }
        waiting.append((wanted, done))
        work()
        tellWaiting()
    }

    /// A service answered 401 to the token that it was shown.
    func wasRejected(_ key: OAuthConfiguration) {
        records[key]?.wasRejected(now: loop.now)
        work()
    }

    private func work() {
        var hasExpired = false
        for key in records.keys {
            if records[key]?.expire(now: loop.now) == true {
                hasExpired = true
                logger.error("token has ended and there is no other", metadata: place(key))
            }
            if let due = records[key]?.due, due <= loop.now, questions[key] == nil { ask(key) }
        }
        setTimer()
        if hasExpired { changed(tokens) }
    }

    private func setTimer() {
        let next = records.filter { questions[$0.key] == nil }.map(\.value.next).min() ?? LoopTimer.never
        if next == LoopTimer.never { timer?.cancel() } else { timer?.set(max(next, loop.now)) }
    }

    private func ask(_ key: OAuthConfiguration) {
        records[key]?.willAsk(now: loop.now)
        let places = InstanceSource.endpoint(key.endpoint).resolve { addresses($0) }
        let question = TokenQuestion(key, at: places, loop: loop) { [weak self] result in
            // Not in the middle of the connection's own work, or of ours.
            self?.loop.afterThisTurn { self?.take(result, key) }
        }
        questions[key] = question
        question.start()
    }

    private func take(_ result: Result<TokenResponse, TokenResponse.Failure>, _ key: OAuthConfiguration) {
        guard questions.removeValue(forKey: key) != nil, var record = records[key] else { return }
        let former = record.field
        switch result {
        case .success(let response):
            counters.count(.tokenFetched)
            if record.failures > 0 { logger.notice("token is had again", metadata: place(key)) }
            record.take(response, now: loop.now, jitter: Double.random(in: 0...1))
        case .failure(let failure):
            counters.count(.tokenFailed)
            if record.failures == 0 {
                logger.warning(
                    "token cannot be had",
                    metadata: place(key).merging(["reason": "\(failure.reason)"]) { one, _ in one })
            }
            record.fail(now: loop.now)
        }
        records[key] = record
        if record.field != former { changed(tokens) }
        tellWaiting()
        work()
    }

    private func tellWaiting() {
        let isSettled = { [records] (key: OAuthConfiguration) in records[key]?.isSettled ?? true }
        let over = waiting.filter { $0.tokens.allSatisfy(isSettled) }
        waiting.removeAll { $0.tokens.allSatisfy(isSettled) }
        for one in over { one.done() }
    }

    private func place(_ key: OAuthConfiguration) -> Logger.Metadata { ["url": "\(key.endpoint.url)"] }
}
