import Differential
import Testing

/// That llhttp is asked rightly: a reference that reads nothing would agree with everything.
@Suite("the reference")
struct ReferenceTests {
    @Test("two pipelined requests are read whole")
    func pipelined() {
        let reading = Reference.read(
            Array(
                "POST /a HTTP/1.1\r\nHost: a \r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET / HTTP/1.0\r\n\r\n"
                    .utf8))
        #expect(reading.ending == .complete)
        #expect(reading.messages.map(\.body) == [Array("abc".utf8), []])
        #expect(reading.messages.map(\.version) == ["1.1", "1.0"])
        #expect(reading.messages.first?.fields.first == .init(name: Array("Host".utf8), value: Array("a".utf8)))
    }

    @Test("a request cut short is incomplete, one with both lengths is refused")
    func endings() {
        #expect(Reference.read(Array("GET / HTTP/1.1\r\nHos".utf8)).ending == .incomplete)
        let both = "POST / HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
        #expect(Reference.read(Array(both.utf8)).isRefused)
    }

    @Test("the refused corpus is not made of what any parser refuses: llhttp accepts some of it")
    func corpusIsStricter() throws {
        let accepted = try Corpus.refused.entries().filter { Reference.read($0.bytes).ending == .complete }
        #expect(!accepted.isEmpty)
    }

    @Test("the accepted corpus is accepted by llhttp too, but for methods that it does not know")
    func corpusIsAccepted() throws {
        for entry in try Corpus.accepted.entries() where !entry.name.contains("unknown-method") {
            let reading = Reference.read(entry.bytes)
            #expect(!reading.messages.isEmpty && reading.messages[0].isComplete, "\(entry): \(reading)")
        }
    }
}
