import Shared
import Synchronization

/// One listener's events, on their way as `text/event-stream`. What one who does not read could pile up is bounded: from
/// then on it is told to forget everything, once.
final class RevocationStream: Sendable {
    enum Event: Equatable {
        /// Nil for everybody's tokens.
        case revoked(user: String?)
        case alive
    }

    private struct State {
        var waiting: [Event] = []
        var reader: CheckedContinuation<[UInt8]?, Never>?
        var hasEnded = false
    }

    private static let limit = 256

    private let state = Mutex(State())

    /// Before all others: verdicts that are older than the stream may have been revoked unheard.
    static let beginning = Array("event: begin\ndata: {}\n\n".utf8)

    func send(_ event: Event) {
        let reader = state.withLock { state -> (CheckedContinuation<[UInt8]?, Never>)? in
            guard !state.hasEnded else { return nil }
            if let reader = state.reader {
                state.reader = nil
                return reader
            }
            if event == .alive, !state.waiting.isEmpty { return nil }
            state.waiting.append(event)
            if state.waiting.count > Self.limit { state.waiting = [.revoked(user: nil)] }
            return nil
        }
        reader?.resume(returning: Self.text(of: [event]))
    }

    func end() {
        let reader = state.withLock { state in
            state.hasEnded = true
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: nil)
    }

    /// The events since the last call, or the next one when it comes; nil at the end. One reader at a time.
    func next() async -> [UInt8]? {
        await withCheckedContinuation { continuation in
            let ready: [UInt8]?? = state.withLock { state in
                if state.hasEnded { return .some(nil) }
                guard !state.waiting.isEmpty else {
                    state.reader = continuation
                    return nil
                }
                defer { state.waiting = [] }
                return Self.text(of: state.waiting)
            }
            if let ready { continuation.resume(returning: ready) }
        }
    }

    private static func text(of events: [Event]) -> [UInt8] {
        events.flatMap { event -> [UInt8] in
            guard case .revoked(let user) = event else { return Array(":\n\n".utf8) }
            let data = JSONWriter.bytes { writer in
                writer.object { object in
                    if let user { object.member("user", user) }
                }
            }
            return Array("event: revoked\ndata: ".utf8) + data + Array("\n\n".utf8)
        }
    }
}
