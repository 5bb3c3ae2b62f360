import Synchronization

/// Tells the program's log when the store begins to fail, fails in another way, or answers again: once each, not once
/// a request.
final class StoreLog: Sendable {
    enum Event: Equatable, Sendable {
        case failed(StoreError)
        case recovered
    }

    private let trouble = Mutex<StoreError.Kind?>(nil)
    private let write: @Sendable (Event) -> Void

    init(_ write: @escaping @Sendable (Event) -> Void) {
        self.write = write
    }

    func note(_ error: StoreError) {
        // Too many readers is a matter of load: it would flicker between requests.
        guard error.kind != .overloaded else { return }
        let isNews = trouble.withLock { trouble in
            defer { trouble = error.kind }
            return trouble != error.kind
        }
        if isNews { write(.failed(error)) }
    }

    func noteSuccess() {
        let isNews = trouble.withLock { trouble in
            defer { trouble = nil }
            return trouble != nil
        }
        if isNews { write(.recovered) }
    }
}
