/// A deterministic automaton over bytes that finds many words at once; capitals count as small letters. One step a byte,
/// whatever comes.
struct ByteAutomaton: Sendable {
    /// The class of each byte: those that no word tells apart are one.
    let classes: [UInt8]
    let classCount: Int
    /// The next state for each state and class.
    let table: [Int32]
    /// Where the words that end in a state begin in `words`; two states in a row bound them.
    let ends: [Int32]
    let words: [Int32]

    /// State 0 is where all begins.
    @inline(__always) func next(_ state: Int32, _ byte: UInt8) -> Int32 {
        table[Int(state) * classCount + Int(classes[Int(byte)])]
    }

    @inline(__always) func hasEnd(_ state: Int32) -> Bool { ends[Int(state)] < ends[Int(state) + 1] }

    func wordsEnding(_ state: Int32) -> Range<Int> { Int(ends[Int(state)])..<Int(ends[Int(state) + 1]) }

    static func folded(_ byte: UInt8) -> UInt8 { byte >= 65 && byte <= 90 ? byte | 32 : byte }

    /// Of literal words (Aho and Corasick, 1975).
    init(literals: [[UInt8]]) {
        let (classes, classCount) = Self.classes(of: literals)
        var next: [[Int32]] = [Array(repeating: -1, count: classCount)]
        var found: [[Int32]] = [[]]
        for (word, text) in literals.enumerated() {
            var state = 0
            for byte in text {
                let step = Int(classes[Int(byte)])
                if next[state][step] < 0 {
                    next[state][step] = Int32(next.count)
                    next.append(Array(repeating: -1, count: classCount))
                    found.append([])
                }
                state = Int(next[state][step])
            }
            found[state].append(Int32(word))
        }
        // Breadth first, so that what a state falls back to is whole when it is needed.
        var fallback = Array(repeating: 0, count: next.count)
        var queue: [Int] = []
        for step in 0..<classCount {
            if next[0][step] < 0 { next[0][step] = 0 } else { queue.append(Int(next[0][step])) }
        }
        var place = 0
        while place < queue.count {
            let state = queue[place]
            place += 1
            found[state] += found[fallback[state]]
            for step in 0..<classCount {
                let other = next[fallback[state]][step]
                let child = next[state][step]
                if child < 0 {
                    next[state][step] = other
                } else {
                    fallback[Int(child)] = Int(other)
                    queue.append(Int(child))
                }
            }
        }
        self.init(classes: classes, classCount: classCount, next: next, found: found)
    }

    /// Of words in which `digits` stands for one digit or more.
    init(patterns: [[UInt8]], digits: UInt8) {
        let digitSet = Array(UInt8(ascii: "0")...UInt8(ascii: "9"))
        let (classes, classCount) = Self.classes(of: patterns + [digitSet])
        let digitClasses = Set(digitSet.map { classes[Int($0)] })
        // A place in a word, as word * 256 + offset of what is to come.
        func moves(_ place: Int, _ step: UInt8) -> [Int] {
            let (word, offset) = (place >> 8, place & 255)
            var found: [Int] = []
            // More digits may follow the first.
            if offset > 0, patterns[word][offset - 1] == digits, digitClasses.contains(step) { found.append(place) }
            guard offset < patterns[word].count else { return found }
            let wanted = patterns[word][offset]
            if wanted == digits ? digitClasses.contains(step) : classes[Int(wanted)] == step { found.append(place + 1) }
            return found
        }
        // Every word may begin at every byte: where that leads is the same in each state, and worked out once.
        let begun = (0..<classCount).map { step in patterns.indices.flatMap { moves($0 << 8, UInt8(step)) } }
        var numbers: [[Int]: Int32] = [[]: 0]
        var sets: [[Int]] = [[]]
        var next: [[Int32]] = []
        var found: [[Int32]] = []
        while next.count < sets.count {
            let set = sets[next.count]
            found.append(set.filter { $0 & 255 == patterns[$0 >> 8].count }.map { Int32($0 >> 8) })
            next.append(
                (0..<classCount).map { step in
                    let moved = set.flatMap { moves($0, UInt8(step)) }
                    let target = moved.isEmpty ? begun[step] : Array(Set(moved + begun[step])).sorted()
                    if let known = numbers[target] { return known }
                    let number = Int32(sets.count)
                    numbers[target] = number
                    sets.append(target)
                    return number
                })
        }
        self.init(classes: classes, classCount: classCount, next: next, found: found)
    }

    private init(classes: [UInt8], classCount: Int, next: [[Int32]], found: [[Int32]]) {
        self.classes = classes
        self.classCount = classCount
        table = next.flatMap { $0 }
        var ends: [Int32] = [0]
        for words in found { ends.append((ends.last ?? 0) + Int32(words.count)) }
        self.ends = ends
        words = found.flatMap { $0 }
    }

    /// A class for each byte of the words, and class 0 for all others.
    private static func classes(of words: [[UInt8]]) -> (classes: [UInt8], count: Int) {
        var classes = [UInt8](repeating: 0, count: 256)
        var count = 1
        for word in words {
            for byte in word where classes[Int(folded(byte))] == 0 {
                classes[Int(folded(byte))] = UInt8(count)
                count += 1
            }
        }
        for byte in UInt8(65)...90 { classes[Int(byte)] = classes[Int(byte | 32)] }
        return (classes, count)
    }
}
