import Testing

@testable import AuthService

@Suite("Bearer credentials")
struct BearerCredentialsTests {
    private func token(_ text: String) -> BearerCredentials { .token(Array(text.utf8)[...]) }

    /// Compared by content: a slice's place in its array does not matter.
    private func read(_ values: String...) -> BearerCredentials {
        let credentials = BearerCredentials(values.map { Array("=\($0)=".utf8).dropFirst().dropLast() })
        guard case .token(let slice) = credentials else { return credentials }
        return .token(Array(slice)[...])
    }

    @Test("the scheme is compared without case, and one space or more follow it")
    func scheme() {
        for value in ["Bearer a.b.c", "bearer a.b.c", "BEARER a.b.c", "bEaReR   a.b.c"] {
            #expect(read(value) == token("a.b.c"))
        }
    }

    @Test("no field and an empty field are the same: missing")
    func missing() {
        #expect(BearerCredentials([]) == .missing)
        #expect(read("") == .missing)
        #expect(read("", "") == .missing)
    }

    @Test(
        "everything else is malformed",
        arguments: [
            "Bearer", "Bearer ", "Bearer: invalid", "Basic Ym9iOnBhc3N3b3Jk", "a.b.c", "Bearera.b.c", "Bearer\ta.b.c",
            "Bearer a.b.c extra", "Bearer a.b.c,Bearer d.e.f", "Bearer a.b.c ", "Bearer a=", "Bearer \"a.b.c\"",
            "Bearer a\u{e9}", "\"earer a.b.c", "Bearer a\0", " Bearer a.b.c",
        ])
    func malformed(value: String) {
        #expect(read(value) == .malformed)
    }

    @Test("Authorization twice is malformed, the same token twice as well")
    func twice() {
        #expect(read("Bearer a.b.c", "Bearer a.b.c") == .malformed)
        #expect(read("Basic x", "Bearer a.b.c") == .malformed)
        #expect(read("", "Bearer a.b.c") == token("a.b.c"))
    }
}
