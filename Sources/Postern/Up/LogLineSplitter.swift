/// Cuts the bytes that a child writes into lines.
struct LogLineSplitter {
    /// A longer line is shown in pieces of this many bytes, so that a child cannot use up the memory here.
    static let longestLine = 16 * 1024

    private var pending: [UInt8] = []

    /// Takes what arrived and returns the lines that are whole now, without their ends.
    mutating func append(_ bytes: some Collection<UInt8>) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(take())
            } else {
                pending.append(byte)
                if pending.count == Self.longestLine { lines.append(take()) }
            }
        }
        return lines
    }

    /// The end of the output: what is left without a line end, nil for nothing.
    mutating func finish() -> [UInt8]? { pending.isEmpty ? nil : take() }

    private mutating func take() -> [UInt8] {
        defer { pending.removeAll(keepingCapacity: true) }
        if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
        return pending
    }
}
