/// Puts a process's name before its log lines, and takes out of them what a terminal would obey: a line may hold what
/// a client sent.
struct LogPrefix {
    private let prefix: [UInt8]

    /// `width` is the length of the longest label, `colour` an SGR colour number (30 to 37, 90 to 97), nil for none.
    init(label: String, width: Int, colour: Int?) {
        let padded = label + String(repeating: " ", count: max(0, width - label.utf8.count))
        prefix = Array((colour.map { "\u{1B}[\($0)m\(padded) |\u{1B}[0m " } ?? "\(padded) | ").utf8)
    }

    /// The line as it is shown, its end included.
    func line(_ text: some Collection<UInt8>) -> [UInt8] {
        var shown = prefix
        shown.reserveCapacity(prefix.count + text.count + 1)
        var previous: UInt8 = 0
        for byte in text {
            // C1 control characters are C2 80 to C2 9F in UTF-8; C2 has been written when its second byte is seen.
            if previous == 0xC2, (0x80...0x9F).contains(byte) {
                shown.removeLast()
                Self.escape(byte, into: &shown)
            } else if byte < 0x20 && byte != UInt8(ascii: "\t") || byte == 0x7F {
                Self.escape(byte, into: &shown)
            } else {
                shown.append(byte)
            }
            previous = byte
        }
        shown.append(UInt8(ascii: "\n"))
        return shown
    }

    /// The colours that tell the processes apart.
    static func colour(of process: SupervisedProcess) -> Int {
        switch process {
        case .gateway: 36
        case .auth: 35
        case .data: 32
        }
    }

    private static func escape(_ byte: UInt8, into shown: inout [UInt8]) {
        let digits = Array("0123456789abcdef".utf8)
        shown += [
            UInt8(ascii: "\\"), UInt8(ascii: "x"), digits[Int(byte >> 4)], digits[Int(byte & 0x0F)],
        ]
    }
}
