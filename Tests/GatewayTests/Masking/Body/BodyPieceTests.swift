// Unsafe code: lends the bytes of arrays.
import Testing

@testable import Gateway

@Suite("A body in pieces")
struct BodyPieceTests {
    private static var forms: [BodyFormTests.Form] {
        BodyFormTests.urls + BodyFormTests.spellings + BodyFormTests.bare
            + BodyFormTests.unreachable
            + BodyFormTests.untouched.map { BodyFormTests.Form($0, $0) }
    }

    @Test("Cut once or twice at any place, it becomes what it becomes whole", arguments: forms)
    func cuts(_ form: BodyFormTests.Form) {
        let text = Array(#"{"a":"\#(form.text)","#.utf8)
        let expected = Array(#"{"a":"\#(form.becomes)","#.utf8)
        for first in 0...text.count {
            // The second cut soon after the first, where both fall into one match, and at a few places far off.
            for second in Array(first...min(first + 9, text.count)) + [(first + text.count) / 2, text.count] {
                let output = Rewriting.rewrite(text, cutAt: [first, second])
                guard output != expected else { continue }
                Issue.record("cut at \(first) and \(second): \(String(decoding: output, as: UTF8.self))")
                return
            }
        }
    }

    @Test("Byte by byte, it becomes what it becomes whole", arguments: forms)
    func bytes(_ form: BodyFormTests.Form) {
        let text = Array(form.text.utf8)
        let output = String(decoding: Rewriting.rewrite(text, cutAt: Array(0..<text.count)), as: UTF8.self)
        #expect(output == form.becomes)
    }

    /// Texts put together of forms, what each becomes being known.
    @Test("Many forms in one long text, cut at random", arguments: 0..<20)
    func longTexts(_ seed: Int) {
        var random = Draw(seed: UInt64(seed) &* 0x9E37_79B9 &+ 1)
        let separators = [#"",""#, " ", "\n", "<br>", "\"}, {\"", "\t", "'", ") ("]
        var text: [UInt8] = []
        var expected: [UInt8] = []
        while text.count < 12_000 {
            let form = Self.forms[random.below(Self.forms.count)]
            let separator = separators[random.below(separators.count)]
            text += Array((separator + form.text).utf8)
            expected += Array((separator + form.becomes).utf8)
            let filler = String(repeating: "w", count: random.below(40)) + " "
            text += Array((" " + filler).utf8)
            expected += Array((" " + filler).utf8)
        }
        var places: [Int] = []
        var place = 0
        while place < text.count {
            places.append(place)
            place += random.below(random.below(4) == 0 ? 6000 : 60)
        }
        let output = Rewriting.rewrite(text, cutAt: places)
        guard output != expected else { return }
        // Not the whole of it: from a little before what differs.
        let same = zip(output, expected).prefix { $0 == $1 }.count
        let shown = [output, expected].map { String(decoding: $0.dropFirst(same - 40).prefix(100), as: UTF8.self) }
        Issue.record("got \(shown[0]), expected \(shown[1])")
    }

    @Test(
        "What cannot be the beginning of a match goes out at once",
        arguments: [
            "data: {\"x\":1}\n\n", "plain words and ", "the end.", "https://other.example/a/pod", "a // comment ",
            "x < y && z ", "100 % ", "name@other.org ", "{\"price\": 3}", "Привет",
        ])
    func nothingWaits(_ text: String) {
        let rewriter = Rewriting.rewriter()
        var output: [UInt8] = []
        unsafe rewriter.rewrite(Array(text.utf8).span.bytes, into: &output)
        #expect(output == Array(text.utf8))
        #expect(rewriter.heldCount == 0)
    }

    @Test(
        "What may be the beginning of a match waits, and no more",
        arguments: [
            ("see https://" + "user", "https://" + "user"), ("x api.wea", "api.wea"), ("x \\", "\\"), ("x %2", "%2"),
            ("x http:", "http:"), ("x /", "/"), ("go https:\\/\\/ap", "https:\\/\\/ap"), ("x &#x2", "&#x2"),
            ("at 203.0.1", "203.0.1"), ("x /run/post", "/run/post"),
        ])
    func beginningsWait(_ text: String, _ held: String) {
        let rewriter = Rewriting.rewriter()
        var output: [UInt8] = []
        unsafe rewriter.rewrite(Array(text.utf8).span.bytes, into: &output)
        #expect(String(decoding: output, as: UTF8.self) == String(text.dropLast(held.count)))
        #expect(rewriter.heldCount == held.utf8.count)
    }

    @Test("An address of IPv6 waits with its bracket", arguments: 1..<13)
    func brackets(_ place: Int) {
        let output = Rewriting.rewrite(Array("[2001:db8::7]".utf8), cutAt: [place])
        #expect(String(decoding: output, as: UTF8.self) == "gate.test:3000")
    }

    @Test("However long a URL is, what waits is bounded")
    func boundedWaiting() {
        let rewriter = Rewriting.rewriter()
        var output: [UInt8] = []
        var most = 0
        for text in ["https://api.weather.example/", "https://", "api.weather.", "\\u0061pi.we"] {
            unsafe rewriter.rewrite(Array(text.utf8).span.bytes, into: &output)
            for _ in 0..<2000 {
                unsafe rewriter.rewrite(Array("aaaaaaaa".utf8).span.bytes, into: &output)
                most = max(most, rewriter.heldCount)
            }
            unsafe rewriter.rewrite(Array(" ".utf8).span.bytes, into: &output)
        }
        #expect(most <= BodyMatcher.prefixLimit + BodyMatcher.nameLimit + BodyMatcher.targetLimit + 64)
        #expect(rewriter.heldCount == 0)
    }

    @Test("A piece without anything to see passes as it is, and what follows is judged by it")
    func passing() {
        let rewriter = Rewriting.rewriter()
        var output: [UInt8] = []
        #expect(unsafe rewriter.passes(Array("nothing here: q".utf8).span.bytes))
        unsafe rewriter.rewrite(Array("api.weather.example\n".utf8).span.bytes, into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "api.weather.example\n")
        #expect(unsafe !rewriter.passes(Array("go to https:/".utf8).span.bytes))
        #expect(unsafe !rewriter.passes(Array("at api.weather.example".utf8).span.bytes))
    }
}

/// xorshift64: the same draws each time.
struct Draw {
    private var state: UInt64
    init(seed: UInt64) { state = seed | 1 }

    mutating func below(_ bound: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state >> 33) % bound
    }
}
