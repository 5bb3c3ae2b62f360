import Testing

@testable import Gateway

@Suite("What the stream of revocations says")
struct RevocationEventTests {
    private func read(_ name: String, _ data: String) -> RevocationEvent? {
        RevocationEvent(name: Array(name.utf8), data: Array(data.utf8))
    }

    @Test("its beginning, whose tokens are revoked, and members that nobody here knows")
    func known() {
        #expect(read("begin", "{}") == .begin)
        #expect(read("begin", #"{"version":2,"more":[1]}"#) == .begin)
        #expect(read("revoked", "{}") == .revoked(user: nil))
        #expect(read("revoked", #"{"session":"s"}"#) == .revoked(user: nil))
        #expect(read("revoked", #"{"user":"1"}"#) == .revoked(user: Array("1".utf8)))
        #expect(read("revoked", #"{"user":"a\u0062\/","x":null}"#) == .revoked(user: Array("ab/".utf8)))
        #expect(read("later", "what") == .unknown)
        #expect(read("", "x") == .unknown)
    }

    @Test(
        "an event that cannot be understood is none",
        arguments: ["", "1", "null", "[]", "{", #"{"user":1}"#, #"{"user":null}"#, #"{"user":"1","user":"2"}"#])
    func nonsense(data: String) {
        #expect(read("revoked", data) == nil)
        if !data.hasPrefix("{\"") { #expect(read("begin", data) == nil) }
    }
}
