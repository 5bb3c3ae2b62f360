// Unsafe code: lends the bytes of arrays.
import Shared

/// The rewriting of one exchange's response: the text, inflated first where it came compressed. Kept on the worker and
/// used again.
final class BodyMask {
    /// What is to be done with a response's body.
    enum Verdict: Equatable {
        /// It passes as it is, or there is none.
        case passes
        case rewritten(Inflater.Coding?)
        /// It cannot be rewritten, and must not pass.
        case refused
    }

    let rewriter = BodyRewriter<PublicURLMap>()
    private var inflater: Inflater?
    private(set) var origin = PublicOrigin()
    /// The response under way is rewritten.
    private(set) var isRewriting = false
    private(set) var isInflating = false
    /// Compressed bytes that wait for the client to take what came of those before.
    private var waiting: [UInt8] = []
    private var taken = 0
    /// The inflater had no room for all that it has.
    private var hasMore = false
    /// The first bytes, until it is known whether they are a mark of UTF-16 or UTF-32.
    private var first: [UInt8] = []
    private var isPastFirst = false

    /// Text that is rewritten at a time: what comes of it is still in the processor's cache when it is sent.
    static let slice = 32 * 1024

    /// Takes down how the client calls us.
    func setOrigin(_ bytes: RawSpan, isSecure: Bool) {
        origin.isSecure = isSecure
        origin.authority.removeAll(keepingCapacity: true)
        if bytes.byteCount == 0 { origin.authority.append("localhost") }
        origin.authority.append(bytes, 0..<bytes.byteCount)
    }

    /// Begins a response's body. False where memory is short.
    func begin(_ patterns: BodyPatterns, _ urls: PublicURLMap, _ coding: Inflater.Coding?) -> Bool {
        rewriter.begin(patterns, as: origin, urls)
        isRewriting = true
        isPastFirst = false
        first.removeAll(keepingCapacity: true)
        isInflating = coding != nil
        guard let coding else { return true }
        if inflater == nil { inflater = Inflater() }
        inflater?.begin(coding)
        return inflater != nil
    }

    /// Forgets the exchange. What a long body has left is let go of.
    func end() {
        rewriter.end()
        isRewriting = false
        isInflating = false
        waiting = []
        taken = 0
        hasMore = false
    }

    // MARK: Compressed

    /// Takes compressed bytes; `inflate` gives what comes of them.
    func add(_ bytes: RawSpan) { waiting.append(bytes, 0..<bytes.byteCount) }

    /// Whether there is something to inflate.
    var hasWaiting: Bool { hasMore || taken < waiting.count }
    /// Whether a compressed body may end here.
    var mayEnd: Bool { !isInflating || !hasWaiting && inflater?.mayEnd == true }

    /// Inflates into `room` as much as it holds; returns how much that is.
    func inflate(into room: inout [UInt8]) throws(Inflater.Fault) -> Int {
        guard let inflater else { return 0 }
        let (consumed, produced) = try inflater.step(waiting, from: taken, into: &room)
        taken += consumed
        hasMore = produced == room.count
        if taken == waiting.count {
            waiting.removeAll(keepingCapacity: true)
            taken = 0
        } else if consumed == 0, produced == 0 {
            throw .malformed
        }
        return produced
    }

    // MARK: The text

    /// Whether the text is one whose letters are bytes, as far as its first bytes tell (a mark of UTF-16 or UTF-32).
    func isReadable(_ piece: RawSpan) -> Bool {
        guard !isPastFirst, piece.byteCount > 0 else { return true }
        first.append(piece, 0..<min(4 - first.count, piece.byteCount))
        isPastFirst = first.count == 4
        let isUTF16 = first.count >= 2 && (first[0] == 0xFE && first[1] == 0xFF || first[0] == 0xFF && first[1] == 0xFE)
        return !isUTF16 && !first.starts(with: [0, 0, 0xFE, 0xFF])
    }
}
