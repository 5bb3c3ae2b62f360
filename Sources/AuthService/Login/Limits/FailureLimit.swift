/// What attempts failed under one key: they are forgotten at a steady pace, and each one too many puts the next attempt
/// off. Times are milliseconds since 1970, so that a restart forgives nothing.
struct FailureCount: Sendable, Equatable {
    /// When all of them are forgotten.
    let forgotten: Int64
    /// When the next attempt may be made.
    let blocked: Int64
}

/// So many failures are free, and forgotten in a time; after them the next attempt waits, twice as long after each
/// further failure.
struct FailureLimit: Sendable, Equatable {
    /// Failures without a wait; one at least.
    let free: Int
    /// Milliseconds of the first wait.
    let delay: Int64
    /// Milliseconds of the longest one.
    let longest: Int64
    /// Milliseconds in which `free` failures are forgotten.
    let forget: Int64

    /// Milliseconds until an attempt may be made; 0 for now.
    func wait(_ count: FailureCount?, now: Int64) -> Int64 {
        guard let count, count.blocked > now else { return 0 }
        let wait = count.blocked - now
        // Longer than any wait is: the clock was set back meanwhile.
        return wait <= longest ? wait : 0
    }

    /// What is to be remembered after one more failure.
    func failed(_ count: FailureCount?, now: Int64) -> FailureCount {
        let known = count.map { max(0, $0.forgotten - now) } ?? 0
        // What is beyond the longest wait would put off forgetting, and nothing else.
        let remembered = min(known + pace, pace * Int64(free + doublings + 1))
        let failures = Int((remembered + pace - 1) / pace)
        let wait = failures < free ? 0 : min(longest, delay << min(failures - free, doublings))
        return FailureCount(forgotten: now + remembered, blocked: now + wait)
    }

    /// Milliseconds in which one failure is forgotten.
    private var pace: Int64 { max(1, forget / Int64(free)) }

    /// After how many further failures the wait is the longest.
    private var doublings: Int {
        var count = 0
        while count < 40, delay << count < longest { count += 1 }
        return count
    }
}

/// `login.limits` in `auth.yaml`.
struct LoginLimits: Sendable, Equatable {
    /// Failures at one account, and from one client's network, that are free.
    var account = 5
    var address = 100
    /// Milliseconds, as in `FailureLimit`.
    var delay: Int64 = 1000
    var longest: Int64 = 900_000
    var forget: Int64 = 3_600_000

    var ofAccount: FailureLimit { FailureLimit(free: account, delay: delay, longest: longest, forget: forget) }
    var ofAddress: FailureLimit { FailureLimit(free: address, delay: delay, longest: longest, forget: forget) }
}
