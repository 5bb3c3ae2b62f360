import Shared
import Testing

@testable import AuthService

@Suite("token inspect")
struct TokenInspectionTests {
    private func inspect(_ text: String, now: Int64 = TokenFixtures.issued + 3600) throws -> TokenInspection {
        TokenInspection(
            Array(text.utf8), judge: TokenJudge(own: try TokenFixtures.verifier(), issuers: .none), now: now)
    }

    @Test("a good token: header, claims, readable times, verdict")
    func good() throws {
        let inspection = try inspect(TokenFixtures.tutorial)
        #expect(inspection.refusal == nil)
        #expect(
            inspection.report == """
                header     {"alg":"HS256","typ":"JWT"}
                claims     {"userId":1,"location":"USA","name":"Bob","iat":1669100278,"exp":1669186678}
                iat        2022-11-22T06:57:58Z, 1 hour ago
                exp        2022-11-23T06:57:58Z, in 23 hours
                signature  good
                verdict    good

                """)
    }

    @Test("the tutorial's token today: a good signature, and expired")
    func expired() throws {
        let inspection = try inspect(TokenFixtures.tutorial, now: TokenFixtures.expiry + 86400 * 2)
        #expect(inspection.refusal == .expired(at: 1_669_186_678))
        #expect(inspection.report.contains("exp        2022-11-23T06:57:58Z, 2 days ago\n"))
        #expect(inspection.report.hasSuffix("signature  good\nverdict    refused: it has expired\n"))
    }

    @Test("a token of another key is shown and refused")
    func foreign() throws {
        let token = try TokenFixtures.sign(
            #"{"alg":"HS256"}"#, #"{"exp":1e16,"iat":1e15}"#, with: TokenFixtures.key("x"))
        let inspection = try inspect(token)
        #expect(inspection.refusal == .badSignature)
        #expect(inspection.report.contains("iat        after the year 9999\n"))
    }

    @Test("what is no token has a verdict all the same", arguments: ["", "x", "a.b.c", "..", "e30.e30.e30"])
    func garbage(text: String) throws {
        let inspection = try inspect(text)
        #expect(inspection.refusal != nil)
        #expect(inspection.report.contains("verdict    refused: "))
    }

    @Test("a header field's value is understood, with the white space around it")
    func copied() throws {
        #expect(try inspect("Bearer \(TokenFixtures.tutorial)\n").refusal == nil)
        #expect(try inspect("  \(TokenFixtures.tutorial) \r\n").refusal == nil)
    }

    @Test("a terminal does not obey what is in a token")
    func escapes() throws {
        let token = try TokenFixtures.sign(
            #"{"alg":"HS256"}"#, "{\"name\":\"\u{9b}31m\u{7f}\u{202e}\"}", with: TokenFixtures.key())
        let report = try inspect(token).report
        #expect(report.unicodeScalars.allSatisfy { $0 == "\n" || (0x20..<0x7f).contains($0.value) })
    }
}
