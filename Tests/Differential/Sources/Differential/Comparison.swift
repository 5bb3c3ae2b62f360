/// One case asked of both parsers.
package struct Comparison {
    private let probe: HeadProbe

    package init(probe: HeadProbe) {
        self.probe = probe
    }

    /// What is wrong with how Postern's parser reads `bytes`; nil where nothing is. `pieceSizes` are the sizes of the
    /// pieces in which the bytes arrive, one reading each: the outcome must not depend on them.
    package func complaint(_ bytes: [UInt8], pieceSizes: [Int] = [1, 7]) throws -> String? {
        let own = try probe.read(bytes, pieceSize: 0)
        for size in pieceSizes {
            let inPieces = try probe.read(bytes, pieceSize: size)
            if !Self.same(own, inPieces) {
                return "in pieces of \(size) bytes it is read as \(inPieces), at once as \(own)"
            }
        }
        switch Agreement(own: own, reference: reference(bytes, own: own)) {
        case .agree: return nil
        case .disagree(let difference): return difference
        case .undecided:
            let ended = bytes + Array("\r\n\r\n".utf8)
            let second = try probe.read(ended, pieceSize: 0)
            switch Agreement(own: second, reference: reference(ended, own: second)) {
            case .agree: return nil
            case .disagree(let difference): return difference
            case .undecided: return "still waits for more where llhttp has refused: \(Reference.read(bytes).ending)"
            }
        }
    }

    package func read(_ bytes: [UInt8]) throws -> Reading { try probe.read(bytes, pieceSize: 0) }

    /// A refusal counts as the same whatever its words, and whatever had arrived of a content before it.
    private static func same(_ one: Reading, _ other: Reading) -> Bool {
        guard one.isRefused && other.isRefused else { return one == other }
        let ended: (Reading) -> [Reading.Message] = { $0.messages.filter(\.isComplete) }
        return ended(one) == ended(other)
    }

    /// llhttp's reading. Methods that it does not know are replaced by one that it knows, and put back: they are the
    /// one thing that we accept and it refuses (RFC 9110 section 9.1 leaves the list of methods open).
    private func reference(_ bytes: [UInt8], own: Reading) -> Reading {
        var asked = bytes
        var replaced: [Int: [UInt8]] = [:]
        for (index, message) in own.messages.enumerated().reversed() {
            guard let start = message.start, !Reference.methods.contains(message.method),
                asked[start...].starts(with: message.method)
            else { continue }
            asked.replaceSubrange(start..<start + message.method.count, with: Array("PUT".utf8))
            replaced[index] = message.method
        }
        var reading = Reference.read(asked)
        for (index, method) in replaced where index < reading.messages.count { reading.messages[index].method = method }
        return reading
    }
}
