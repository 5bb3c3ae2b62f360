import Shared

/// Which verdicts a revocation has overtaken: a number for each revocation heard, kept by the place of the user that it
/// names.
///
/// Nothing is searched for and nothing taken out when a revocation comes, however many verdicts there are: a verdict has
/// the number of the last revocation before it was asked for, and stands while none with a higher one is about it. Users
/// share places, so a verdict may be asked for again that nobody revoked; never the other way round.
struct RevocationEpochs {
    /// Places for users, and one for verdicts that name none.
    private static let places = 4096
    static let nobody = places

    /// Revocations heard.
    private(set) var current: UInt64 = 0
    private var everybody: UInt64 = 0
    private var users = [UInt64](repeating: 0, count: RevocationEpochs.places + 1)

    /// Whether the verdict was asked for after every revocation that may be about it.
    @inline(__always) func stands(_ verdict: Verdict) -> Bool {
        verdict.epoch >= everybody && verdict.epoch >= users[verdict.userPlace]
    }

    /// What was asked about that user before now stands no longer.
    mutating func revoke(_ user: some Collection<UInt8>) {
        current += 1
        users[Self.place(of: user)] = current
    }

    /// Nothing that was asked before now stands.
    mutating func revokeAll() {
        current += 1
        everybody = current
    }

    /// FNV-1a, of the bytes of `Postern-User`. Who makes two users share a place has a question asked again.
    static func place(of user: some Collection<UInt8>) -> Int {
        guard !user.isEmpty else { return nobody }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in user { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Int((hash ^ hash >> 32) % UInt64(places))
    }
}
