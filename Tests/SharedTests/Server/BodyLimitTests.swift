import Testing

@testable import Shared

@Suite("The limit of a body")
struct BodyLimitTests {
    @Test(
        "is said in the largest unit that leaves no rest",
        arguments: [
            (1 << 20, "1mb"), (5 << 20, "5mb"), (64 << 10, "64kb"), (1500, "1500b"), (1 << 10, "1kb"), (0, "0b"),
        ])
    func refusal(bytes: Int, text: String) {
        let limit = BodyLimit(bytes: bytes)
        #expect(limit.bytes == bytes)
        #expect(String(decoding: limit.refusal, as: UTF8.self) == "{\"error\":\"Body exceeded \(text) limit\"}")
    }
}
