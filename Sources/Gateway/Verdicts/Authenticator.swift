// Unsafe code: the bytes of a token as a key, and hashed in place.
import Shared

/// What a question is about: a token as it stands in a request.
struct PlacedToken: Hashable, Sendable {
    let bytes: [UInt8]
    let place: TokenPlace
}

/// Answers "whose token is this?" on one loop: from the cache, else by one question to the auth service, however many
/// exchanges wait for it.
final class Authenticator {
    enum Answer {
        case verdict(Verdict)
        /// The auth service is not there, or does not say: the gate stays shut. After so many seconds it may be asked
        /// again, where it has said so.
        case unavailable(retryAfter: Int?)
    }
    let loop: EventLoop
    private let hash = TokenHash()
    private var accepted = VerdictCache(count: 65536, bytes: 64 * 1024 * 1024)
    private var refused = VerdictCache(count: 16384, bytes: 16 * 1024 * 1024)
    private var questions: [PlacedToken: VerdictQuestion] = [:]
    /// Questions under way; no more are asked.
    var questionLimit = 1024
    /// Longer credentials are no token of ours (bytes).
    static let credentialsLimit = 16 * 1024

    /// Which verdicts a revocation has overtaken.
    private(set) var epochs = RevocationEpochs()
    /// Nanoseconds for which a verdict is used while nothing is heard of revocations.
    var grace: UInt64 = 5_000_000_000 {
        didSet { if lastHeard > 0 { heardUntil = lastHeard &+ grace } }
    }
    /// When the auth service last gave a sign of life on its stream, on the loop's clock; 0 for never.
    private var lastHeard: UInt64 = 0
    /// Until when that is enough for every verdict.
    private var heardUntil: UInt64 = 0

    /// Verdicts that were known, and those that had to be waited for.
    private(set) var hits: UInt64 = 0
    private(set) var misses: UInt64 = 0
    /// Verdicts that were kept, and forgotten because of a revocation.
    private(set) var forgotten: UInt64 = 0
    /// Times that a verdict was not used because nothing had been heard for the grace.
    private(set) var unheard: UInt64 = 0

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// A verdict that is known already, and may be used.
    @inline(__always) func known(_ credentials: RawSpan, in place: TokenPlace = .authorization) -> Verdict? {
        let key = key(credentials, place)
        guard
            let verdict = accepted.find(credentials, in: place, hash: key, now: loop.now)
                ?? refused.find(credentials, in: place, hash: key, now: loop.now)
        else { return nil }
        guard isUsable(verdict) else {
            pass(over: verdict, key)
            return nil
        }
        hits &+= 1
        return verdict
    }

    /// Whether a verdict in its time may be used: something was heard of revocations within the grace, or it is itself
    /// no older; and no revocation has overtaken it.
    @inline(__always) func isUsable(_ verdict: Verdict) -> Bool {
        (loop.now < heardUntil || loop.now < verdict.askedAt &+ grace) && epochs.stands(verdict)
    }

    private func pass(over verdict: Verdict, _ key: Int) {
        guard !epochs.stands(verdict) else {
            unheard &+= 1
            return
        }
        forgotten &+= 1
        accepted.remove(hash: key)
        refused.remove(hash: key)
    }

    private func key(_ credentials: RawSpan, _ place: TokenPlace) -> Int {
        // One token in two places is two questions.
        place == .cookie ? ~hash(credentials) : hash(credentials)
    }

    /// Asks; the waiter is told later. False when too many questions are under way.
    func ask(
        _ credentials: RawSpan, in place: TokenPlace = .authorization, service: InstancePool, for waiter: VerdictWaiter
    ) -> Bool {
        misses &+= 1
        let token = PlacedToken(
            bytes: unsafe credentials.withUnsafeBytes { bytes in unsafe Array(bytes) }, place: place)
        if let question = questions[token] {
            question.await(waiter)
            return true
        }
        guard questions.count < questionLimit else { return false }
        let question = VerdictQuestion(token, self)
        questions[token] = question
        question.await(waiter)
        question.ask(service)
        return true
    }

    /// Called by a question before it tells those who wait.
    func questionDidEnd(_ question: VerdictQuestion, _ answer: Answer) {
        // What was asked before `clear` is for those alone who wait for it.
        guard questions[question.token] === question else { return }
        questions[question.token] = nil
        if case .verdict(let verdict) = answer { keep(verdict) }
    }

    private func keep(_ verdict: Verdict) {
        let credentials = verdict.credentials
        let key = key(unsafe credentials.span.bytes, verdict.place)
        // It may have been otherwise before.
        if verdict.isAccepted { refused.remove(hash: key) } else { accepted.remove(hash: key) }
        guard verdict.deadline > loop.now else { return }
        if verdict.isAccepted {
            accepted.insert(verdict, hash: key)
        } else {
            refused.insert(verdict, hash: key)
        }
    }

    /// Forgets all verdicts, those too that are still to come: after a reload another auth service judges.
    func clear() {
        questions = [:]
        accepted.clear()
        refused.clear()
        (lastHeard, heardUntil) = (0, 0)
    }

    // MARK: Revocations

    /// The auth service has given a sign of life on its stream: all that was revoked until now has been heard.
    func heard() {
        lastHeard = loop.now
        heardUntil = lastHeard &+ grace
    }

    /// Has what is known and asked about one user asked again.
    func forget(_ user: [UInt8]) { epochs.revoke(user) }

    /// The same about everybody.
    func forgetAll() {
        forgotten &+= UInt64(accepted.count + refused.count)
        epochs.revokeAll()
        accepted.clear()
        refused.clear()
    }
}
