/// Small random damage to bytes.
enum Mutation {
    /// Bytes that mean something to a parser of heads.
    private static let telling: [UInt8] =
        Array("\r\n\t :;,/?%=+-_0129AafzZ\"\\".utf8) + [0x00, 0x01, 0x0B, 0x0C, 0x1F, 0x7F, 0x80, 0x85, 0xA0, 0xFF]

    static func apply(count: Int, to bytes: inout [UInt8], _ random: inout SeededRandom) {
        for _ in 0..<count where !bytes.isEmpty {
            let at = Int.random(in: 0..<bytes.count, using: &random)
            let end = min(bytes.count, at + Int.random(in: 1...8, using: &random))
            switch Int.random(in: 0..<6, using: &random) {
            case 0: bytes[at] = random.pick(telling)
            case 1: bytes.insert(random.pick(telling), at: at)
            case 2: bytes.remove(at: at)
            case 3: bytes[at] = UInt8.random(in: 0...255, using: &random)
            case 4: bytes.insert(contentsOf: Array(bytes[at..<end]), at: at)
            default: bytes.removeSubrange(at..<end)
            }
        }
    }
}
