import Shared
import Synchronization

/// What has happened to sessions since the start, for the line of counters in the log.
final class SessionCounters: Sendable {
    let begun = Atomic<UInt64>(0)
    let refreshed = Atomic<UInt64>(0)
    let ended = Atomic<UInt64>(0)
    let reused = Atomic<UInt64>(0)
    let displaced = Atomic<UInt64>(0)
    let foreign = Atomic<UInt64>(0)
    let signUps = Atomic<UInt64>(0)
    let signUpsLimited = Atomic<UInt64>(0)

    func add(to tally: inout Tally) {
        let all: [(String, UInt64)] = [
            ("sessions.begun", begun.load(ordering: .relaxed)),
            ("sessions.refreshed", refreshed.load(ordering: .relaxed)),
            ("sessions.ended", ended.load(ordering: .relaxed)),
            ("sessions.reused", reused.load(ordering: .relaxed)),
            ("limits.sessions_per_user", displaced.load(ordering: .relaxed)),
            ("sessions.cross_origin", foreign.load(ordering: .relaxed)),
            ("sign_ups", signUps.load(ordering: .relaxed)),
            ("limits.sign_ups", signUpsLimited.load(ordering: .relaxed)),
        ]
        for (name, value) in all { tally.add(name, value) }
    }
}

extension Atomic<UInt64> {
    func count(_ amount: Int = 1) { add(UInt64(amount), ordering: .relaxed) }
}

/// A refresh token was shown a second time, and its session was ended: for the log. No token is in it.
struct SessionReuse: Sendable, Equatable {
    let user: Int64
    let session: String
}
