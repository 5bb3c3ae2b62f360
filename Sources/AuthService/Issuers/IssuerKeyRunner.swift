import CLinux
import Logging
import Shared

/// Carries out what the state machine of one issuer's keys says, on the loop of the fetches.
final class IssuerKeyRunner {
    private let keys: IssuerKeys
    private let address: IssuerKeyAddress
    private let socket: String
    private let loop: EventLoop
    private let fetches: Fetches
    private let logger: Logger
    private let keysAreGone: @Sendable () -> Void
    private var timer: LoopTimer?
    /// Ends the wait of questions.
    private var patience: LoopTimer?
    private var round: UInt64?
    private var question: IssuerKeyQuestion?
    private var hasEndedOnce = false
    private var log = IssuerKeyLog()

    /// Nanoseconds that a question waits at most.
    private static let longestWait = IssuerKeyStateMachine.second

    init(
        _ keys: IssuerKeys, _ address: IssuerKeyAddress, socket: String, loop: EventLoop, fetches: Fetches,
        logger: Logger, keysAreGone: @escaping @Sendable () -> Void
    ) {
        self.keys = keys
        self.address = address
        self.socket = socket
        self.loop = loop
        self.fetches = fetches
        self.logger = logger
        self.keysAreGone = keysAreGone
        timer = LoopTimer(loop: loop) { [weak self] in self?.look() }
        patience = LoopTimer(loop: loop) { [weak self] in self?.endWait() }
    }

    /// Looks whether a fetch is due, and whether somebody waits.
    func look() {
        let now = postern_monotonic_ns()
        let next = keys.change { machine -> (isDue: Bool, tag: String?, next: UInt64, isFetching: Bool) in
            let isDue = machine.isDue(at: now)
            if isDue { machine.begin(now: now, time: postern_realtime_s()) }
            return (isDue, machine.set == nil ? nil : machine.tag, machine.next, machine.isFetching)
        }
        guard let next else { return }
        if next.isDue { ask(tag: next.tag) }
        if !next.isFetching { timer?.set(next.next) }
        if round == nil, let waiting = keys.roundOfWaiting {
            round = waiting
            patience?.set(after: Self.longestWait)
        }
    }

    private func endWait() {
        guard let round else { return }
        self.round = nil
        keys.release(round: round)
        // Others may have come meanwhile.
        look()
    }

    private func ask(tag: String?) {
        fetches.change { $0.fetches &+= 1 }
        let question = IssuerKeyQuestion(address.egressPath, tag: tag, loop: loop) { [weak self] in self?.end($0) }
        self.question = question
        question.start(at: socket)
    }

    private func end(_ answer: IssuerKeyQuestion.Answer) {
        question = nil
        // Those that wait are released with the end of this.
        round = nil
        patience?.cancel()
        let now = postern_monotonic_ns()
        let chance = Double.random(in: 0..<1)
        var failure: IssuerKeyQuestion.Failure?
        var isLess = false
        switch answer {
        case .same(let maxAge):
            keys.change(isEnd: true) { $0.confirmed(maxAge: maxAge, now: now, chance: chance) }
        case .failed(let reason): failure = reason
        case .set(let text, let tag, let maxAge):
            do throws(KeyFileError) {
                let set = try IssuerKeySet(text, algorithms: keys.algorithms)
                let change = keys.change(isEnd: true) { machine in
                    let isNew = machine.set.map { $0.lacksKey(of: set) || set.lacksKey(of: $0) } ?? true
                    let isLess = machine.answered(set, tag: tag, maxAge: maxAge, now: now, chance: chance)
                    return (isNew: isNew, isLess: isLess)
                }
                isLess = change?.isLess ?? false
                if change?.isNew == true { changed(set) }
            } catch {
                failure = IssuerKeyQuestion.Failure(.issuer, "\(error)")
            }
        }
        if let failure {
            fetches.change { $0.failures &+= 1 }
            keys.change(isEnd: true) { $0.failed(failure.whose, now: now, chance: chance) }
            report(failure, now: now)
        } else if log.succeeded() {
            logger.notice("the keys of an issuer are fetched again", metadata: metadata)
        }
        if !hasEndedOnce {
            hasEndedOnce = true
            fetches.firstEnded()
        }
        // In force before it is told.
        if isLess { keysAreGone() }
        look()
    }

    private func changed(_ set: IssuerKeySet) {
        fetches.change { $0.changes &+= 1 }
        var metadata = metadata
        metadata["keys"] = "\(set.keys.count)"
        logger.info("the keys of an issuer were fetched", metadata: metadata)
        for refusal in set.refusals where !refusal.reason.isForeign || set.keys.isEmpty {
            logger.warning(
                "a key of an issuer is not used", metadata: self.metadata.merging(["cause": "\(refusal)"]) { $1 })
        }
        if set.keys.isEmpty { logger.warning("an issuer has no key that can be used", metadata: self.metadata) }
    }

    private func report(_ failure: IssuerKeyQuestion.Failure, now: UInt64) {
        guard let unlogged = log.failed(now: now) else { return }
        var metadata = metadata
        metadata["cause"] = "\(failure.reason)"
        metadata["issuer.unlogged"] = "\(unlogged)"
        metadata["issuer.keys_age"] = keys.age.map { "\($0)s" } ?? "none"
        logger.warning("the keys of an issuer cannot be fetched", metadata: metadata)
    }

    private var metadata: Logger.Metadata { ["issuer": "\(keys.issuer)", "issuer.jwks": "\(address.url)"] }
}
