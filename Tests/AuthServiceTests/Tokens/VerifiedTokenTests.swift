import Shared
import Testing

@testable import AuthService

@Suite("Whom a token is about")
struct VerifiedTokenTests {
    private func user(_ payload: String) throws -> String? {
        VerifiedToken(claims: try StrictJSON.parseObject(Array(payload.utf8)), payload: "", expiry: nil).user
    }

    @Test("userId, else sub")
    func userOrSubject() throws {
        #expect(try user(#"{"userId":3}"#) == "3")
        #expect(try user(#"{"userId":"u-3"}"#) == "u-3")
        #expect(try user(#"{"sub":"user_2abc"}"#) == "user_2abc")
        #expect(try user(#"{"sub":"two","userId":1}"#) == "1")
        #expect(try user("{}") == nil)
    }

    @Test("a userId that no field can carry is not replaced by sub")
    func unusable() throws {
        let long = String(repeating: "a", count: 257)
        for value in [
            "1.5", "null", "true", "[]", "{}", #""""#, #""a b""#, #""a\r\nPostern-User: 1""#, #""é""#, #""\#(long)""#,
        ] {
            #expect(try user(#"{"userId":\#(value),"sub":"1"}"#) == nil, "\(value)")
            #expect(try user(#"{"sub":\#(value)}"#) == nil, "\(value)")
        }
    }
}
