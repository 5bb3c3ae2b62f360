import Testing

@testable import Shared

@Suite("CR, LF and NUL in an outbound field of a service")
struct ServiceResponseWriterTests {
    @Test("a value is cut at them, a name with them leaves no line", arguments: ["\r\n", "\r", "\n", "\0", "\u{7f}"])
    func control(_ bytes: String) throws {
        let test = try ServerUnderTest()
        test.application.onRequest = { exchange in
            let response = ServiceResponse.json(
                Array("1".utf8),
                fields: [("A", "good\(bytes)Evil: 1"), ("B\(bytes)Evil", "1"), ("", "1"), ("C D", "1"), ("E", "2")])
            ServiceResponseWriter.write(response, tag: nil, to: exchange.connection) { _ in false }
        }
        let text = test.ask(ask("/"))
        #expect(text.contains("\r\nA: good\r\nE: 2\r\n"))
        #expect(!text.contains("Evil"))
        #expect(!text.contains("C D"))
    }
}
