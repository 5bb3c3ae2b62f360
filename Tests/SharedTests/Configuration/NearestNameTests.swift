import Testing

@testable import Shared

@Suite("nearest name")
struct NearestNameTests {
    @Test(
        "a typing error finds its word",
        arguments: [
            ("lisen", "listen"), ("lsiten", "listen"), ("LISTEN", "listen"), ("verfy", "verify"), ("threds", "threads"),
        ])
    func typingErrors(typed: String, word: String) {
        #expect(NearestName.of(typed, among: ["threads", "verify", "listen"]) == word)
    }

    @Test("a word that is like none finds none", arguments: ["port", "x", "", String(repeating: "l", count: 100)])
    func noWord(typed: String) {
        #expect(NearestName.of(typed, among: ["threads", "verify", "listen"]) == nil)
    }

    @Test("the nearest of several is taken")
    func nearest() {
        #expect(NearestName.of("methds", among: ["method", "methods"]) == "methods")
    }
}
