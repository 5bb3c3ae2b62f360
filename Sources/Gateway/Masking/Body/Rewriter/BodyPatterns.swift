/// What is searched for in the bodies of one service. Immutable; made with each snapshot, shared by all loops.
final class BodyPatterns: Sendable {
    let names: [BodyName]
    /// The service whose URLs are mapped, as the map knows it.
    let service: Int
    /// The two bytes that each name is searched for by, letters in lower case; each pair once.
    let pairs: [BodyPair]
    /// For each byte whether some pair has it.
    let isInPair: [Bool]
    /// Some pair lies in an international name: any escape may begin it.
    let hasScalars: Bool
    /// Of the longest name, in bytes.
    let longestName: Int

    init(_ names: [BodyName], service: Int) {
        self.names = names
        self.service = service
        var pairs: [BodyPair] = []
        var isInPair = [Bool](repeating: false, count: 256)
        var hasScalars = false
        for name in names {
            let pair = BodyPair(first: name.bytes[name.anchor] | 0x20, second: name.bytes[name.anchor + 1] | 0x20)
            if !pairs.contains(pair) { pairs.append(pair) }
            isInPair[Int(pair.first)] = true
            isInPair[Int(pair.second)] = true
            if name.bytes[name.anchor] >= 0x80 { hasScalars = true }
        }
        self.pairs = pairs
        self.isInPair = isInPair
        self.hasScalars = hasScalars
        longestName = names.map(\.bytes.count).max() ?? 0
    }
}

/// Two neighbours in a text, compared with the bit set that tells lower case.
struct BodyPair: Sendable, Equatable {
    let first: UInt8
    let second: UInt8
}
