/// What the choice of an instance depends on, beside the instances themselves.
struct InstanceChoice {
    /// One that was just tried in vain: taken only where there is no other.
    var except: InstancePool?
    /// What `balance: {hash: …}` goes by.
    var key: UInt64 = 0
}
