/// xorshift64: for spreading load, nothing else. Each loop begins at a place of its own, so that many loops and many
/// gateways do not march in step.
struct SpreadRandom {
    private var state: UInt64

    init(seed: UInt64 = .random(in: 1 ... .max)) {
        state = seed == 0 ? 0x9E37_79B9_7F4A_7C15 : seed
    }

    @inline(__always) mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }

    @inline(__always) mutating func draw(below count: Int) -> Int {
        Int(next() >> 32) % count
    }
}
