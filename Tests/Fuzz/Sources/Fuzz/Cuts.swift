/// Where an input is cut into pieces. Follows from the input alone, so that a find can be played again.
enum Cuts {
    /// Several ways to cut: each a rising list of lengths, the last one being the whole.
    static func ways(_ bytes: [UInt8]) -> [[Int]] {
        var random = SeededNumbers(seed: bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
        var ways = [Array(stride(from: 7, to: bytes.count, by: 7)) + [bytes.count]]
        // Byte by byte costs the square of the length.
        if bytes.count <= 256 {
            ways.append(Array(1...max(1, bytes.count)).filter { $0 <= bytes.count } + [bytes.count])
        }
        var some: [Int] = []
        var at = 0
        while at < bytes.count {
            at = min(bytes.count, at + 1 + Int(random.next() % UInt64(1 + bytes.count / 3)))
            some.append(at)
        }
        ways.append(some.isEmpty ? [0] : some)
        return ways
    }
}

/// SplitMix64.
struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
