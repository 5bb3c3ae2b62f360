import Synchronization

/// The revocations that this process knows, and who wants to hear of new ones.
final class LiveRevocations: Sendable {
    private struct State {
        var set: RevocationSet
        var streams: [WeakStream] = []
        var lastCleared: Int64 = 0
    }

    private struct WeakStream {
        weak var stream: RevocationStream?
    }

    private static let pause: Int64 = 60

    private let state: Mutex<State>

    init(_ revocations: [Revocation] = []) {
        state = Mutex(State(set: RevocationSet(revocations)))
    }

    func refuses(_ token: VerifiedToken) -> Bool { state.withLock { $0.set.refuses(token) } }

    /// Takes new ones: first here, then to those who listen, so that whoever asks again after hearing it gets the new
    /// verdict.
    func add(_ revocations: [Revocation], now: Int64) {
        let streams = state.withLock { state in
            for revocation in revocations { state.set.insert(revocation) }
            if now - state.lastCleared >= Self.pause {
                state.lastCleared = now
                state.set.removeExpired(now: now)
            }
            return state.streams.compactMap(\.stream)
        }
        for revocation in revocations {
            for stream in streams { stream.send(.revoked(user: revocation.user)) }
        }
    }

    /// Every verdict may be another one now: keys were read again.
    func announceAll() { for stream in streams { stream.send(.revoked(user: nil)) } }

    /// A sign of life to those who listen; false when nobody does.
    func beat() -> Bool {
        let streams = self.streams
        for stream in streams { stream.send(.alive) }
        return !streams.isEmpty
    }

    /// Whoever listens hears of all that is added from now on.
    func listen() -> RevocationStream {
        let stream = RevocationStream()
        state.withLock { state in
            state.streams.removeAll { $0.stream == nil }
            state.streams.append(WeakStream(stream: stream))
        }
        return stream
    }

    /// Ends all streams, for the end of the process.
    func endStreams() { for stream in streams { stream.end() } }

    private var streams: [RevocationStream] { state.withLock { $0.streams.compactMap(\.stream) } }
}
