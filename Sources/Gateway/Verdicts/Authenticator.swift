// Unsafe code: bytes of a token copied and hashed in place.
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
    let loop: EventLoop
    private let hash = TokenHash()
    private var accepted = VerdictCache(count: 65536, bytes: 64 * 1024 * 1024)
    private var refused = VerdictCache(count: 16384, bytes: 16 * 1024 * 1024)
    private var questions: [[UInt8]: VerdictQuestion] = [:]
    /// Questions under way; no more are asked.
    var questionLimit = 1024
    /// Longer credentials are no token of ours (bytes).
    static let credentialsLimit = 16 * 1024

    /// Verdicts that were known, and those that had to be waited for.
    private(set) var hits: UInt64 = 0
    private(set) var misses: UInt64 = 0

    init(loop: EventLoop) {
        self.loop = loop
    }

    /// A verdict that is known already.
    @inline(__always) func known(_ credentials: RawSpan) -> Verdict? {
        let key = hash(credentials)
        let verdict =
            accepted.find(credentials, hash: key, now: loop.now)
            ?? refused.find(credentials, hash: key, now: loop.now)
        if verdict != nil { hits &+= 1 }
        return verdict
    }

    /// Asks; `exchange` is told later through `authenticationDidEnd`. False when too many questions are under way.
    func ask(_ credentials: RawSpan, service: InstancePool, for exchange: Exchange) -> Bool {
        misses &+= 1
        let key = unsafe credentials.withUnsafeBytes { bytes in unsafe Array(bytes) }
        if let question = questions[key] {
            question.await(exchange)
            return true
        }
        guard questions.count < questionLimit else { return false }
        let question = VerdictQuestion(key, self)
        questions[key] = question
        question.await(exchange)
        question.ask(service)
        return true
    }

    /// Called by a question before it tells those who wait.
    func questionDidEnd(_ question: VerdictQuestion, _ answer: Answer) {
        // What was asked before `clear` is for those alone who wait for it.
        guard questions[question.credentials] === question else { return }
        questions[question.credentials] = nil
        if case .verdict(let verdict) = answer { keep(verdict) }
    }

    private func keep(_ verdict: Verdict) {
        guard verdict.deadline > loop.now else { return }
        let credentials = verdict.credentials
        let key = hash(unsafe credentials.span.bytes)
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
    }
}
