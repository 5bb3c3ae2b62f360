// Unsafe code: the automata's tables and the bytes without a check a step; arrays' bytes as spans.
import Shared

/// Something found.
struct Leak: Sendable, Equatable {
    let kind: LeakKind
    /// Where it begins and ends among all bytes that were scanned.
    let range: Range<Int>
}

/// Looks for leaks in bytes as they come: what is cut in two between two pieces is found all the same. It keeps the last
/// few bytes of each piece, and nothing else.
struct LeakScanner {
    private let identity: IdentityMatcher
    private var identityState: Int32 = 0
    private var signatureState: Int32 = 0
    /// Bytes of the pieces before this one.
    private var position = 0
    /// The last bytes of those, enough to see what stands before a word.
    private var tail: [UInt8] = []
    /// A word that ended with the last byte: the next one says whether it is whole.
    private var pending = -1
    private let tailLimit: Int
    /// What was found; the caller empties it.
    var found: [Leak] = []
    /// More of one message than this is not told apart any more.
    private static let foundLimit = 256

    init(_ identity: IdentityMatcher) {
        self.identity = identity
        tailLimit = identity.longest + 8
    }

    /// Begins another message.
    mutating func reset() {
        identityState = 0
        signatureState = 0
        position = 0
        tail.removeAll(keepingCapacity: true)
        pending = -1
        found.removeAll(keepingCapacity: true)
    }

    mutating func scan(_ bytes: RawSpan) {
        guard bytes.byteCount > 0 else { return }
        if pending >= 0 {
            let word = identity.words[pending]
            pending = -1
            if IdentityMatcher.ends(word.after, before: bytes.octet(0)) {
                add(word.kind, position - word.text.count, position)
            }
        }
        let signatures = LeakSignatures.automaton
        let words = identity.automaton
        var index = 0
        while index < bytes.byteCount {
            index = step(bytes, from: index, words, signatures)
            if index > bytes.byteCount { break }
            if words.hasEnd(identityState) { judgeWords(bytes, at: index) }
            if signatures.hasEnd(signatureState) { judgeSignatures(at: index) }
        }
        keepTail(bytes)
        position += bytes.byteCount
    }

    /// No more comes.
    mutating func finish() {
        guard pending >= 0 else { return }
        let word = identity.words[pending]
        pending = -1
        add(word.kind, position - word.text.count, position)
    }

    /// Goes on to behind the first byte at which something ends; beyond the last where nothing does.
    @inline(__always) private mutating func step(
        _ bytes: RawSpan, from start: Int, _ words: ByteAutomaton, _ signatures: ByteAutomaton
    ) -> Int {
        var (one, other) = (Int(identityState), Int(signatureState))
        var index = start
        let isFound = unsafe bytes.withUnsafeBytes { text in
            unsafe words.table.withUnsafeBufferPointer { oneTable in
                unsafe words.classes.withUnsafeBufferPointer { oneClasses in
                    unsafe signatures.table.withUnsafeBufferPointer { otherTable in
                        unsafe signatures.classes.withUnsafeBufferPointer { otherClasses in
                            while index < text.count {
                                let byte = Int(unsafe text[index])
                                one = unsafe Int(oneTable[one &* words.classCount &+ Int(oneClasses[byte])])
                                other = unsafe Int(
                                    otherTable[other &* signatures.classCount &+ Int(otherClasses[byte])])
                                index &+= 1
                                // Most bytes lead nowhere.
                                if one == 0 && other == 0 { continue }
                                if words.hasEnd(Int32(one)) || signatures.hasEnd(Int32(other)) { return true }
                            }
                            return false
                        }
                    }
                }
            }
        }
        identityState = Int32(one)
        signatureState = Int32(other)
        return isFound ? index : bytes.byteCount + 1
    }

    private mutating func judgeWords(_ bytes: RawSpan, at end: Int) {
        for place in identity.automaton.wordsEnding(identityState) {
            let number = Int(identity.automaton.words[place])
            let word = identity.words[number]
            guard begins(word, bytes, at: end - word.text.count) else { continue }
            guard end < bytes.byteCount else {
                pending = number
                return
            }
            if IdentityMatcher.ends(word.after, before: bytes.octet(end)) {
                add(word.kind, position + end - word.text.count, position + end)
                return
            }
        }
    }

    private func begins(_ word: IdentityWord, _ bytes: RawSpan, at start: Int) -> Bool {
        if start >= 6 { return IdentityMatcher.begins(word.before, bytes, at: start, from: 0) }
        // What stands before is in the piece before, at least in part.
        var joined = tail
        joined.append(bytes, 0..<max(0, start))
        let place = start < 0 ? tail.count + start : joined.count
        guard place >= 0 else { return true }
        return unsafe IdentityMatcher.begins(word.before, joined.span.bytes, at: place, from: 0)
    }

    private mutating func judgeSignatures(at end: Int) {
        let automaton = LeakSignatures.automaton
        for place in automaton.wordsEnding(signatureState) {
            let number = Int(automaton.words[place])
            let end = position + end
            // A longer number is the same find.
            if let last = found.last, last.kind == LeakSignatures.kinds[number], last.range.upperBound + 1 >= end {
                return
            }
            add(LeakSignatures.kinds[number], end - LeakSignatures.length(of: number), end)
            return
        }
    }

    private mutating func add(_ kind: LeakKind, _ start: Int, _ end: Int) {
        guard found.count < Self.foundLimit else { return }
        found.append(Leak(kind: kind, range: max(0, start)..<end))
    }

    private mutating func keepTail(_ bytes: RawSpan) {
        let count = min(bytes.byteCount, tailLimit)
        if tail.count + count > tailLimit { tail.removeFirst(tail.count + count - tailLimit) }
        tail.append(bytes, bytes.byteCount - count..<bytes.byteCount)
    }
}
