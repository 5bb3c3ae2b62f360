import CLinux
import Synchronization

/// The keys of one issuer in use: those of its file, or those that were fetched. They belong to this issuer and this
/// address alone; no other's token is ever judged by them.
final class IssuerKeys: Sendable {
    typealias Lookup = IssuerKeyStateMachine.Lookup

    private struct State {
        /// Nil for keys of a file.
        var machine: IssuerKeyStateMachine?
        var file = IssuerKeySet()
        var waiting: [CheckedContinuation<Void, Never>] = []
        /// Counts the times at which all that waited were released.
        var round: UInt64 = 0
        /// Whoever fetches knows that something is to do.
        var isTold = false

        mutating func release() -> [CheckedContinuation<Void, Never>] {
            defer {
                waiting = []
                round &+= 1
            }
            return waiting
        }
    }

    /// Questions that wait for a fetch at once; one more is told that nobody can say.
    static let mostWaiting = 1024

    let issuer: String
    let source: IssuerConfiguration.Keys
    let algorithms: [SignatureAlgorithm]
    private let state: Mutex<State>
    private let wake = Mutex<(@Sendable () -> Void)?>(nil)
    private let now: @Sendable () -> UInt64

    /// - Parameter now: nanoseconds of a clock that only goes forward.
    init(_ configuration: IssuerConfiguration, now: @escaping @Sendable () -> UInt64 = { postern_monotonic_ns() }) {
        issuer = configuration.rules.name
        source = configuration.keys
        algorithms = configuration.rules.algorithms
        self.now = now
        let bounds = IssuerKeyStateMachine.Bounds(
            stale: UInt64(configuration.stale) * IssuerKeyStateMachine.second,
            coolDown: UInt64(configuration.coolDown) * IssuerKeyStateMachine.second,
            clockSkew: configuration.rules.clockSkew)
        state = Mutex(State(machine: configuration.keys.isRemote ? IssuerKeyStateMachine(bounds) : nil))
    }

    // MARK: Questions, on any thread

    /// - Parameter issuedAt: the token's `iat`.
    func look(for kid: String?, _ algorithm: SignatureAlgorithm, issuedAt: Double?) -> Lookup {
        let now = now()
        return ask { state in
            if let found = state.machine?.look(for: kid, algorithm, issuedAt: issuedAt, now: now) { return found }
            let candidates = state.file.candidates(kid: kid, algorithm: algorithm)
            return candidates.isEmpty ? .absent : .keys(candidates, left: .max)
        }
    }

    /// The token has no `kid`, and no key without one has made it.
    func missing(issuedAt: Double?) -> Lookup {
        let now = now()
        return ask { $0.machine?.missing(issuedAt: issuedAt, now: now) ?? .absent }
    }

    private func ask(_ question: (inout sending State) -> Lookup) -> Lookup {
        let now = now()
        let (found, isNews) = state.withLock { state in
            let found = question(&state)
            let isNews = !state.isTold && state.machine?.isDue(at: now) == true
            if isNews { state.isTold = true }
            return (found, isNews)
        }
        if isNews { wakeFetcher() }
        return found
    }

    /// Waits for the end of the fetch that is under way or about to begin, for a second at most; returns at once where too
    /// many wait.
    func waitForFetch() async {
        await withCheckedContinuation { continuation in
            let place = state.withLock { state -> Int? in
                guard state.waiting.count < Self.mostWaiting else { return nil }
                state.waiting.append(continuation)
                return state.waiting.count
            }
            guard let place else { return continuation.resume() }
            // The first one has a timer set for all that come after.
            if place == 1 { wakeFetcher() }
        }
    }

    // MARK: For whoever fetches

    /// - Parameter wake: called from any thread when a fetch is due, and when somebody begins to wait.
    func whenDue(_ wake: @escaping @Sendable () -> Void) { self.wake.withLock { $0 = wake } }

    /// Has whoever fetches look at what is to do.
    func wakeFetcher() { wake.withLock { $0 }?() }

    /// Changes what is known; nil for keys of a file.
    /// - Parameter isEnd: those that wait are released.
    @discardableResult
    func change<Result: Sendable>(
        isEnd: Bool = false, _ body: (inout IssuerKeyStateMachine) -> Result
    ) -> Result? {
        let (result, released) = state.withLock { state -> (Result?, [CheckedContinuation<Void, Never>]) in
            state.isTold = false
            guard var machine = state.machine else { return (nil, []) }
            let result = body(&machine)
            state.machine = machine
            return (result, isEnd ? state.release() : [])
        }
        for continuation in released { continuation.resume() }
        return result
    }

    /// What tells those that wait now from those that come later; nil when nobody waits.
    var roundOfWaiting: UInt64? { state.withLock { $0.waiting.isEmpty ? nil : $0.round } }

    /// Releases those that waited in that round, unless that has been done.
    func release(round: UInt64) {
        let released = state.withLock { $0.round == round ? $0.release() : [] }
        for continuation in released { continuation.resume() }
    }

    // MARK: Files

    /// - Returns: whether a key is gone.
    @discardableResult
    func replace(file set: IssuerKeySet) -> Bool {
        state.withLock { state in
            let isLess = set.lacksKey(of: state.file)
            state.file = set
            return isLess
        }
    }

    /// Seconds since the issuer has confirmed the keys; nil without any, and for a file.
    var age: UInt64? {
        let now = now()
        return state.withLock { $0.machine?.age(at: now) }.map { $0 / IssuerKeyStateMachine.second }
    }
}
