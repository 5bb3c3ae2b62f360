import Glibc

/// Answers questions about request bytes with Postern's own parser, for Tests/Differential. The protocol is described
/// in that folder's README.md.
@main
struct HeadProbeCommand {
    private static let longestStream = 1 << 20

    static func main() {
        while let sizes = readExactly(8) {
            let pieceSize = number(sizes[0..<4])
            let length = number(sizes[4..<8])
            guard length <= longestStream, let stream = readExactly(length) else { exit(EXIT_FAILURE) }
            let answer = probe(stream, pieceSize: pieceSize == 0 ? max(1, length) : pieceSize)
            guard writeAll(answer.line + [UInt8(ascii: "\n")]) else { exit(EXIT_FAILURE) }
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }
}
