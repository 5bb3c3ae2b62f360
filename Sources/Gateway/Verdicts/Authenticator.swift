// Unsafe code: the bytes of a token as a key, and hashed in place.
import Shared

/// Answers "whose token is this?" on one loop: from the cache, else by one question to the auth service, however many
/// exchanges wait for it.
final class Authenticator {
    enum Answer {
        case verdict(Verdict)
        /// The auth service is not there, or does not say: the gate stays shut.
        case unavailable
    }
    private let loop: EventLoop
    private var accepted = VerdictCache(count: 65536, bytes: 64 * 1024 * 1024)
    private var refused = VerdictCache(count: 16384, bytes: 16 * 1024 * 1024)
    private var questions: [[UInt8]: VerdictQuestion] = [:]
    /// Questions under way; more are answered with `unavailable`.
    private static let questionLimit = 1024
    /// Longer credentials are no token of ours (bytes).
    static let credentialsLimit = 16 * 1024

    private(set) var hits: UInt64 = 0
    private(set) var misses: UInt64 = 0

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// A verdict that is known already.
    @inline(__always) func known(_ credentials: RawSpan) -> Verdict? {
        let hash = VerdictCache.hash(credentials)
        if let verdict = accepted.find(credentials, hash: hash, now: loop.now) {
            hits &+= 1
            return verdict
        }
        return refused.find(credentials, hash: hash, now: loop.now)
    }

    /// Asks; `exchange` is told through `authenticationDidEnd`.
    func ask(_ credentials: RawSpan, service: InstancePool, for exchange: Exchange) {
        misses &+= 1
        let key = unsafe credentials.withUnsafeBytes { bytes in unsafe Array(bytes) }
        if let question = questions[key] { return question.await(exchange) }
        guard questions.count < Self.questionLimit else { return exchange.authenticationDidEnd(.unavailable) }
        let question = VerdictQuestion(key, loop: loop) { [unowned self] question, answer in
            questions[question.credentials] = nil
            if case .verdict(let verdict) = answer { keep(verdict) }
        }
        questions[key] = question
        question.await(exchange)
        question.ask(service)
    }

    private func keep(_ verdict: Verdict) {
        guard verdict.deadline > loop.now else { return }
        let hash = unsafe verdict.credentials.withUnsafeBytes { bytes in
            unsafe VerdictCache.hash(RawSpan(_unsafeBytes: bytes))
        }
        if verdict.isAccepted {
            accepted.insert(verdict, hash: hash)
        } else {
            refused.insert(verdict, hash: hash)
        }
    }

    /// Forgets all verdicts: after a reload, another auth service may judge.
    func clear() {
        accepted.clear()
        refused.clear()
    }
}
