/// How many accounts clients may ask for: attempts count, for a name that is taken tells that somebody has it. One window
/// of an hour a client, in a table that is bounded; where it is full, the clients that are not in it share one window.
struct SignUpLimit: Sendable {
    /// Seconds.
    static let window: Int64 = 3600
    private static let capacity = 10_000

    private struct Window {
        let began: Int64
        var count = 0
    }

    /// Attempts of one client in a window.
    let perClient: Int
    private var windows: [ClientNetwork: Window] = [:]
    private var others = Window(began: 0)

    init(perClient: Int) {
        self.perClient = perClient
    }

    /// Counts an attempt.
    /// - Parameter client: nil where nobody knows who it is: all of these are one.
    /// - Returns: seconds after which another one is taken, for an attempt too many.
    mutating func take(_ client: ClientNetwork?, now: Int64) -> Int64? {
        if let client, windows[client] == nil, windows.count >= Self.capacity {
            windows = windows.filter { Self.isOpen($0.value, now: now) }
        }
        guard let client, windows[client] != nil || windows.count < Self.capacity else {
            return take(&others, now: now)
        }
        return take(&windows[client, default: Window(began: now)], now: now)
    }

    private func take(_ window: inout Window, now: Int64) -> Int64? {
        if !Self.isOpen(window, now: now) { window = Window(began: now) }
        guard window.count < perClient else { return max(1, window.began + Self.window - now) }
        window.count += 1
        return nil
    }

    private static func isOpen(_ window: Window, now: Int64) -> Bool {
        // A clock that was set back begins a new one.
        now >= window.began && now - window.began < Self.window
    }
}
