/// Makes streams of requests: most of them good, many with one thing that is odd in a way parsers disagree about.
package struct RequestGenerator: Sendable {
    private var random: SeededRandom

    package init(seed: UInt64) {
        random = SeededRandom(seed: seed)
    }

    /// The bytes of one to three requests, one after the other on a connection.
    package mutating func next() -> [UInt8] {
        let count = random.mostly(1, or: [2, 2, 3], once: 3)
        var bytes: [UInt8] = []
        for _ in 0..<count { bytes += request() }
        if random.once(in: 2) { Mutation.apply(count: Int.random(in: 1...3, using: &random), to: &bytes, &random) }
        return bytes
    }

    private mutating func request() -> [UInt8] {
        let (framing, content) = framedContent()
        var text = random.mostly("", or: ["\r\n", "\n", "\r\n\r\n", " "], once: 40)
        text += random.mostly(
            random.pick(["GET", "GET", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH"]),
            or: ["get", "FOO", "M-SEARCH", "", "G@T", "GET\t", "CONNECT", "QUERY", "PRI", "A_B!"], once: 20)
        text += space() + target() + space()
        text += random.mostly(
            "HTTP/1.1", or: ["HTTP/1.0", "HTTP/1.0", "HTTP/2.0", "HTTP/1.2", "http/1.1", "HTTP/11", "HTTP/1.1 ", ""],
            once: 12)
        text += lineEnd()
        var lines = framing + (0..<Int.random(in: 0...4, using: &random)).map { _ in field() }
        if !random.once(in: 15) {
            lines.append("Host: " + random.mostly("a.example", or: ["", "b:80", "[::1]"], once: 9))
        }
        lines.shuffle(using: &random)
        for line in lines { text += line + lineEnd() }
        return Array(text.utf8) + Array(lineEnd().utf8) + content
    }

    private mutating func space() -> String { random.mostly(" ", or: ["  ", "\t", "", "\u{0B}", "\r"], once: 80) }

    private mutating func lineEnd() -> String {
        random.mostly("\r\n", or: ["\n", "\r", "\r\r\n", "\n\r", ""], once: 150)
    }

    private mutating func target() -> String {
        random.mostly(
            random.pick(["/", "/api/users", "/api/posts?limit=2", "/a/b/c?x=%20&y"]),
            or: [
                "*", "//", "/../x", "/%2e%2e/", "http://a.example/x", "a.example:80", "/a b", "/\u{E9}", "/#x", "?", "",
                "/\u{7F}", "/\u{01}", "/a\\b", "/{x}|", "/<>\"", "HTTP/1.1", "/x;y=1",
            ], once: 8)
    }

    private mutating func field() -> String {
        let name = random.mostly(
            random.pick(["Accept", "User-Agent", "X-Trace", "authorization", "COOKIE", "Via", "!#$%&'*+-.^_`|~09"]),
            or: ["", "A B", "A ", " A", "A\t", "A(", "\u{E9}", "A:", "A\u{0}", "Connection", "Connection", "Upgrade"],
            once: 12)
        let value = random.mostly(
            random.pick(["x", "", "a, b", "  padded\t ", "with: colon", "\u{E9}"]),
            or: [
                "close", "keep-alive", "upgrade", "close, X-Trace", "a\u{0}b", "a\rb", "a\nb", "a\u{1}", "a\u{7F}",
                "x\r\n folded", "x\r\n\tfolded", "\"quoted", "Upgrade, close", "chunked",
            ], once: 12)
        return name + random.mostly(":", or: [" :", "", "::", "\t:"], once: 60) + random.pick(["", " ", "\t", "  "])
            + value
    }

    /// The fields that frame the content, and the content as it is sent.
    private mutating func framedContent() -> (fields: [String], bytes: [UInt8]) {
        let content = String(repeating: "abcdefgh", count: Int.random(in: 0...3, using: &random))
        let length = content.utf8.count
        switch Int.random(in: 0..<20, using: &random) {
        case 0..<8: return ([], [])
        case 8..<12: return (["Content-Length: \(length)"], Array(content.utf8))
        case 12..<16: return (["Transfer-Encoding: chunked"], chunks(content))
        case 16:
            let odd = [
                "+\(length)", "-1", "0x8", "\(length) ", "\(length), \(length)", "\(length),9", "", "08", "1e1", "８",
                "18446744073709551616", "99999999999999999999999", "\(length)\u{0B}", "\(length) 1",
                "\(length)\t", "\(length) \t", "\t\(length)",
            ]
            return (["Content-Length: " + random.pick(odd)], Array(content.utf8))
        case 17:
            let odd = [
                "Transfer-Encoding: Chunked", "transfer-encoding:chunked", "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity", "Transfer-Encoding: xchunked",
                "Transfer-Encoding : chunked", "Transfer-Encoding:\u{0B}chunked", "Transfer-Encoding: chunked;q=1",
                "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: chunked, chunked", "Transfer-Encoding:",
                "Transfer-Encoding: chunked\t", "Transfer-Encoding: chunked ", "Transfer-Encoding:\tchunked",
                "Transfer-Encoding: chunked \t", "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked,",
                "Transfer-Encoding: chu\r\n nked", "X: y\rTransfer-Encoding: chunked", "Transfer_Encoding: chunked",
            ]
            return ([random.pick(odd)], chunks(content))
        case 18: return (["Content-Length: \(length)", "Transfer-Encoding: chunked"], chunks(content))
        default:
            let second = random.pick([
                "Content-Length: \(length)", "Content-Length: 1", "content-length: \(length + 1)",
            ])
            return (["Content-Length: \(length)", second], Array(content.utf8))
        }
    }

    /// `content` in the chunked coding (RFC 9112 section 7.1).
    private mutating func chunks(_ content: String) -> [UInt8] {
        var text = ""
        var rest = content[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int.random(in: 1...9, using: &random))
            rest = rest.dropFirst(piece.count)
            let size = String(piece.utf8.count, radix: 16, uppercase: random.once(in: 2))
            text += random.mostly(
                size,
                or: [
                    "0x" + size, "+" + size, " " + size, size + " ", size + "_", "0" + size, size + ";a=b",
                    size + ";a=\"b\"", size + ";", size + " ;a", "-" + size, size + "\t", "FFFFFFFFFFFFFFFF" + size,
                    size + ";a\nb", "", "g",
                ], once: 15)
            text += lineEnd() + piece + lineEnd()
        }
        text += random.mostly("0", or: ["00", "0;x", "0 ", "-0", ""], once: 30) + lineEnd()
        text += random.mostly("", or: ["Trailer: x\r\n", "Content-Length: 1\r\n", " folded\r\n", ": x\r\n"], once: 10)
        return Array((text + lineEnd()).utf8)
    }
}
