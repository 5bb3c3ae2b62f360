/// The little editing that a line without an echo allows.
struct PasswordLineEditor {
    enum Action: Equatable {
        case more
        case finished([UInt8])
        case cancelled
    }

    private static let limit = 1024
    private var line: [UInt8] = []

    /// What a key means; nil is the end of the input.
    mutating func receive(_ byte: UInt8?) -> Action {
        switch byte {
        case nil, 0x03, 0x1c: return .cancelled
        case 0x04 where line.isEmpty: return .cancelled
        case 0x04, 0x0a, 0x0d: return .finished(line)
        case 0x08, 0x7f: removeCharacter()
        case 0x15: line.removeAll()
        case let byte?: if line.count < Self.limit { line.append(byte) }
        }
        return .more
    }

    /// Takes back the last character, all bytes of it (RFC 3629 section 3).
    private mutating func removeCharacter() {
        while let last = line.popLast(), last & 0xc0 == 0x80 {}
    }
}
