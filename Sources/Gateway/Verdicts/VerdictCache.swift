import Shared

/// Verdicts of one loop by the token's bytes, bounded in number and bytes.
///
/// Two generations: what is found moves to the young one; when that is full the old one is forgotten whole. So what is
/// used stays, what is not goes, and nothing is sorted. Accepted and refused tokens do not share room: a flood of bad
/// tokens drives out no good one.
struct VerdictCache {
    private struct Generation {
        var verdicts: [Int: Verdict] = [:]
        var bytes = 0
    }
    private var young = Generation()
    private var old = Generation()
    /// Bounds of one generation.
    private let countLimit: Int
    private let byteLimit: Int

    /// The arguments bound the whole cache.
    init(count: Int, bytes: Int) {
        countLimit = max(1, count / 2)
        byteLimit = max(1, bytes / 2)
    }

    var count: Int { young.verdicts.count + old.verdicts.count }

    /// The verdict on exactly these bytes, if one is held and its time has not passed.
    mutating func find(_ credentials: RawSpan, in place: TokenPlace, hash: Int, now: UInt64) -> Verdict? {
        if let verdict = young.verdicts[hash], verdict.judged(credentials, place) {
            return verdict.deadline > now ? verdict : nil
        }
        if let verdict = old.verdicts[hash], verdict.judged(credentials, place), verdict.deadline > now {
            insert(verdict, hash: hash)
            return verdict
        }
        return nil
    }

    /// Keeps a verdict. Of two tokens with one hash the later stays.
    mutating func insert(_ verdict: Verdict, hash: Int) {
        let size = Self.size(of: verdict)
        if young.verdicts.count >= countLimit || young.bytes + size > byteLimit {
            old = young
            young = Generation()
        }
        let former = young.verdicts.updateValue(verdict, forKey: hash)
        young.bytes += size - (former.map(Self.size) ?? 0)
    }

    /// Forgets what is kept under a hash.
    mutating func remove(hash: Int) {
        if let verdict = young.verdicts.removeValue(forKey: hash) { young.bytes -= Self.size(of: verdict) }
        if let verdict = old.verdicts.removeValue(forKey: hash) { old.bytes -= Self.size(of: verdict) }
    }

    /// Bytes, with some for the objects around them.
    static func size(of verdict: Verdict) -> Int {
        verdict.credentials.count + verdict.fields.count + 128
    }

    /// Forgets all.
    mutating func clear() {
        young = Generation()
        old = Generation()
    }
}
