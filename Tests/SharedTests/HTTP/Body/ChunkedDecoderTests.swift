import Testing

@testable import Shared

/// The content of a body, or what was wrong with it; and how many bytes were left behind it.
private enum Decoded: Equatable {
    case content([UInt8], left: Int)
    case unfinished([UInt8])
    case refused(MessageFault)
}

/// Feeds `bytes` in the given pieces, as a connection would.
private func decode(_ bytes: [UInt8], pieces: [Int] = []) -> Decoded {
    var reader = BodyReader(.chunked)
    var input: [UInt8] = []
    var content: [UInt8] = []
    var fed = 0
    for piece in pieces + [bytes.count] {
        input += bytes[fed..<max(fed, min(bytes.count, piece))]
        fed = max(fed, min(bytes.count, piece))
        do throws(MessageFault) {
            loop: while true {
                switch try reader.next(input) {
                case .content(let count):
                    content += input[..<count]
                    input.removeFirst(count)
                case .skip(let count): input.removeFirst(count)
                case .needMore: break loop
                case .end: return .content(content, left: input.count + bytes.count - fed)
                }
            }
        } catch {
            return .refused(error)
        }
    }
    return .unfinished(content)
}

private func decode(_ text: String) -> Decoded { decode(Array(text.utf8)) }

@Suite("ChunkedDecoder")
struct ChunkedDecoderTests {
    @Test("chunks, their ends, and what follows")
    func plain() {
        #expect(decode("5\r\nhello\r\n0\r\n\r\n") == .content(Array("hello".utf8), left: 0))
        #expect(decode("2\r\nhe\r\n3\r\nllo\r\n0\r\n\r\nGET") == .content(Array("hello".utf8), left: 3))
        #expect(decode("0\r\n\r\n") == .content([], left: 0))
        #expect(decode("000\r\n\r\n") == .content([], left: 0))
        #expect(decode("00A\r\n0123456789\r\n0\r\n\r\n") == .content(Array("0123456789".utf8), left: 0))
        #expect(
            decode("a\r\n\r\n\r\n\r\n\r\n\r\n\r\n0\r\n\r\n") == .content(Array("\r\n\r\n\r\n\r\n\r\n".utf8), left: 0))
    }

    @Test(
        "sizes in any other form are refused",
        arguments: [
            "0x5\r\nhello\r\n", "+5\r\nhello\r\n", "-0\r\n\r\n", "-5\r\n", "5_0\r\n", "_5\r\n", " 5\r\nhello\r\n",
            "5 \r\nhello\r\n", "\t5\r\n", "5\t\r\n",
            "5;a=b\r\nhello\r\n", "5;\r\nhello\r\n", "0;x\r\n\r\n", "\r\n", "\n", "5\nhello", "5\rhello", "5\r\r\n",
            "5.0\r\n", "g\r\n", "0\n\r\n",
            "1234567890abcdef\r\n", "0000000000000005\r\nhello", "ffffffffffffffff\r\n", "\u{0}\r\n", "\u{661}\r\n",
            "5\u{b}\r\n",
        ])
    func sizes(_ text: String) {
        #expect(decode(text) == .refused(.chunkSize))
    }

    @Test("a size that does not end is refused at once, however it arrives")
    func endlessSize() {
        let digits = [UInt8](repeating: 48, count: 16)
        #expect(decode(digits) == .refused(.chunkSize))
        #expect(decode(digits, pieces: Array(1...16)) == .refused(.chunkSize))
    }

    @Test("the largest size is a length, not an overflow")
    func largest() {
        #expect(decode("fffffffffffffff\r\nabc") == .unfinished(Array("abc".utf8)))
    }

    @Test(
        "a chunk ends in CRLF and nothing else",
        arguments: [
            "5\r\nhello0\r\n\r\n", "5\r\nhello\n0\r\n\r\n", "5\r\nhello\rx", "5\r\nhelloo\r\n", "5\r\nhello\n\r",
        ])
    func chunkEnds(_ text: String) {
        #expect(decode(text) == .refused(.chunkEnding))
    }

    @Test("trailers are read and dropped")
    func trailers() {
        #expect(decode("0\r\nX-Sum: 1\r\nY: 2\r\n\r\nrest") == .content([], left: 4))
    }

    @Test(
        "trailers that would change the message are refused",
        arguments: [
            "Content-Length: 5", "Transfer-Encoding: chunked", "Host: b", "Authorization: b", "Connection: close",
            "Postern-User: 1", "X-Forwarded-For: b",
            "Cookie: b", "postern_user: 1",
        ])
    func protectedTrailers(_ line: String) {
        #expect(decode("0\r\n\(line)\r\n\r\n") == .refused(.trailer))
    }

    @Test("malformed trailers are refused", arguments: [" folded", "X", "X : a", ": a", "X: a\u{0}", "X: a\rb"])
    func malformedTrailers(_ line: String) {
        #expect({ if case .refused = decode("0\r\n\(line)\r\n\r\n") { true } else { false } }())
    }

    @Test("trailers are bounded in number, length and all")
    func trailerBounds() {
        let many = (0..<33).map { "X\($0): a\r\n" }.joined()
        #expect(decode("0\r\n\(many)\r\n") == .refused(.tooManyFields))
        #expect(decode("0\r\nX: \(String(repeating: "a", count: 5000))") == .refused(.lineTooLong))
        let long = (0..<3).map { "X\($0): \(String(repeating: "a", count: 3000))\r\n" }.joined()
        #expect(decode("0\r\n\(long)\r\n") == .refused(.headTooLong))
    }

    @Test(
        "a body in pieces is the body in one piece, at every split point and byte by byte",
        arguments: [
            "5\r\nhello\r\n0\r\n\r\n", "1\r\na\r\n1F\r\n0123456789012345678901234567890\r\n0\r\nX: y\r\n\r\nnext",
            "5\r\nhello\r\r0\r\n\r\n", "5;x\r\nhello",
            "0\r\n folded\r\n\r\n", "3\r\n\r\n\r\r\n0\r\n\r\n",
        ])
    func splits(_ text: String) {
        let bytes = Array(text.utf8)
        let whole = decode(bytes)
        for split in 0...bytes.count { #expect(decode(bytes, pieces: [split]) == whole, "split at \(split)") }
        #expect(decode(bytes, pieces: Array(0...bytes.count)) == whole)
    }
}
