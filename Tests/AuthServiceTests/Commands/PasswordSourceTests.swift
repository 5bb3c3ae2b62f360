import Glibc
import Shared
import Testing

@testable import AuthService

@Suite("Reading a password from standard input")
struct PasswordSourceTests {
    private func line(_ bytes: [UInt8]) throws -> String {
        var ends: [Int32] = [0, 0]
        #expect(unsafe pipe(&ends) == 0)
        defer { close(ends[0]) }
        _ = unsafe write(ends[1], bytes, bytes.count)
        close(ends[1])
        return try PasswordSource.line(of: ends[0])
    }

    private func line(_ text: String) throws -> String { try line(Array(text.utf8)) }

    @Test("the first line counts, without its line break; spaces belong to a password")
    func firstLine() throws {
        #expect(try line(" p\u{e4}ss word \nmore\n") == " p\u{e4}ss word ")
        #expect(try line("secret\r\n") == "secret")
        #expect(try line("secret") == "secret")
    }

    @Test("no line, an endless line and one that is not UTF-8 are refused, without showing it")
    func refusals() throws {
        for bytes in [[], [0x0a], Array(repeating: 0x61, count: 1025), [0x73, 0xff, 0x0a]] as [[UInt8]] {
            let failure = try #require(throws: CommandFailure.self) { try line(bytes) }
            #expect(failure.status == .dataError)
            #expect(!failure.description.contains("aaaa"))
        }
        #expect(try line(Array(repeating: 0x61, count: 1024)).utf8.count == 1024)
    }
}
