import Testing

@testable import AuthService

@Suite("Signing key")
struct TokenKeyTests {
    @Test("an empty secret is no key")
    func emptySecret() {
        #expect(TokenKey(secret: []) == nil)
    }

    @Test("no rendering of a key shows its secret")
    func rendering() throws {
        let key = try TokenFixtures.key("tell-nobody", id: "k1")
        var dumped = ""
        dump(key, to: &dumped)
        dump(try KeyRing([key]), to: &dumped)
        dump(try TokenIssuer(KeyRing([key]), lifetime: 1), to: &dumped)
        for text in ["\(key)", String(reflecting: key), String(describing: [key]), dumped] {
            #expect(!text.contains("tell-nobody"))
            #expect(!text.contains("\(Array("tell-nobody".utf8))".dropFirst().dropLast()))
            #expect(text.contains("k1"))
        }
        #expect("\(key)" == "HS256 key \"k1\"")
        #expect("\(try TokenFixtures.key("s", .hs512))" == "HS512 key without a kid")
    }

    @Test("two keys of one kid are refused, and a ring without keys")
    func ring() throws {
        #expect(throws: KeyRingError.noKey) { try KeyRing([]) }
        let keys = [try TokenFixtures.key("a", id: "x"), try TokenFixtures.key("b", .hs512, id: "x")]
        #expect(throws: KeyRingError.duplicateID("x")) { try KeyRing(keys) }
        #expect(
            try KeyRing([TokenFixtures.key("a"), TokenFixtures.key("b", id: "x")]).signing(at: 0, lifetime: 1) == 0)
    }
}
