import Shared
import Testing

@testable import AuthService

@Suite("whose token it is, and by whose keys it is judged")
struct TokenJudgeTests {
    private let one: TestIssuer
    private let other: TestIssuer

    init() throws {
        // Both call their keys the same.
        one = try TestIssuer("https://one.example")
        other = try TestIssuer("https://other.example")
    }

    private func judge(
        ownName: String? = nil, places: TokenPlaces = TokenPlaces(), _ change: (inout IssuerRules) -> Void = { _ in }
    ) throws -> TokenJudge {
        TokenJudge(
            own: try TokenFixtures.verifier(), ownName: ownName,
            issuers: try .test(
                [.test(one.name, places: places, change), .test(other.name)], sets: [one.set, other.set]))
    }

    @Test("an issuer's token is good by its keys alone: two issuers with one kid never cross")
    func neverCross() throws {
        let judge = try judge()
        #expect(judge.judge(try one.token()).token?.user == "user_1")
        #expect(judge.judge(try other.token()).token?.user == "user_1")
        let claimsToBeOne = TestForger(signer: other, name: one.name)
        #expect(judge.judge(try claimsToBeOne.token()).error == .badSignature)
        let claimsToBeOther = TestForger(signer: one, name: other.name)
        #expect(judge.judge(try claimsToBeOther.token()).error == .badSignature)
    }

    @Test("our own keys judge what has no iss or our own, and nothing that says it is an issuer's")
    func own() throws {
        let key = try TokenFixtures.key()
        let now = TestIssuer.now
        let sign = { (payload: String) in try TokenFixtures.sign(#"{"alg":"HS256"}"#, payload, with: key) }
        let judge = try judge(ownName: "us")
        #expect(judge.judge(try sign(#"{"userId":1}"#), now: now).token?.user == "1")
        #expect(judge.judge(try sign(#"{"iss":"us"}"#), now: now).token != nil)
        #expect(judge.judge(try sign(#"{"iss":"https://third.example"}"#), now: now).error == .unknownIssuer)
        #expect(judge.judge(try sign(#"{"iss":1}"#), now: now).error == .noText(name: "iss"))
        // The secret's holder cannot speak for an issuer.
        let forged = #"{"iss":"https://one.example","sub":"x","iat":\#(now),"exp":\#(now + 9)}"#
        #expect(judge.judge(try sign(forged), now: now).error == .otherAlgorithm)
    }

    @Test("without issuers everything is as it was")
    func none() throws {
        let judge = TokenJudge(own: try TokenFixtures.verifier(), issuers: .none)
        let token = try TokenFixtures.sign(#"{"alg":"HS256"}"#, #"{"iss":"anybody"}"#, with: TokenFixtures.key())
        #expect(judge.judge(token).token != nil)
        #expect(judge.judge(try one.token()).error == .noKey)
    }

    @Test("a public key used as a secret, none, and an algorithm that is not the issuer's")
    func algorithms() throws {
        let judge = try judge()
        for name in ["HS256", "RS256", "ES384", "EdDSA"] {
            let token = try TokenFixtures.sign(
                #"{"alg":"\#(name)","kid":"k1"}"#,
                #"{"iss":"\#(one.name)","sub":"x","iat":\#(TestIssuer.now),"exp":\#(TestIssuer.now + 9)}"#,
                with: TokenFixtures.key(String(decoding: one.set, as: UTF8.self)))
            #expect(judge.judge(token).error == .otherAlgorithm, "\(name)")
        }
        let none = try one.token().split(separator: ".")
        let header = String(decoding: Base64URL.encode(Array(#"{"alg":"none"}"#.utf8)), as: UTF8.self)
        #expect(judge.judge("\(header).\(none[1]).\(none[2])").error == .unknownAlgorithm)
    }

    @Test("times have the issuer's clock skew, and exp must be there")
    func times() throws {
        let judge = try judge()
        let now = TestIssuer.now
        #expect(judge.judge(try one.token(exp: nil)).error == .noExpiry)
        #expect(judge.judge(try one.token(exp: now - 4)).token != nil)
        #expect(judge.judge(try one.token(exp: now - 5)).error == .expired(at: Double(now - 5)))
        #expect(judge.judge(try one.token(#""sub":"x","nbf":\#(now + 5)"#)).token != nil)
        #expect(
            judge.judge(try one.token(#""sub":"x","nbf":\#(now + 6)"#)).error == .notYetValid(until: Double(now + 1)))
        #expect(judge.judge(try one.token(iat: now + 5)).token != nil)
        #expect(judge.judge(try one.token(iat: now + 6)).error == .issuedLater(at: Double(now + 6)))
        // What is begun with it ends when it is no longer taken.
        #expect(judge.judge(try one.token(exp: now)).token?.expiry == Double(now + 5))
    }

    @Test("azp: one of the list, as Clerk has it: a token without is taken")
    func authorizedParties() throws {
        let judge = try judge { $0.authorizedParties = ["https://app.example", "http://localhost:3000"] }
        for (azp, isGood) in [
            (#","azp":"https://app.example""#, true), (#","azp":"http://localhost:3000""#, true), ("", true),
            (#","azp":"https://evil.example""#, false), (#","azp":"https://app.example/""#, false),
            (#","azp":"""#, false), (#","azp":["https://app.example"]"#, false), (#","azp":null"#, false),
        ] {
            #expect((judge.judge(try one.token(#""sub":"x"\#(azp)"#)).token != nil) == isGood, "\(azp)")
        }
        #expect(try self.judge().judge(try one.token(#""sub":"x","azp":"https://evil.example""#)).token != nil)
    }

    @Test("aud: one of ours where we have names, none where we have not")
    func audience() throws {
        let judge = try judge { $0.audiences = ["api", "web"] }
        #expect(judge.judge(try one.token(#""sub":"x","aud":"web""#)).token != nil)
        #expect(judge.judge(try one.token(#""sub":"x","aud":["z","api"]"#)).token != nil)
        #expect(judge.judge(try one.token(#""sub":"x","aud":"z""#)).error == .otherAudience)
        #expect(judge.judge(try one.token()).error == .otherAudience)
        #expect(judge.judge(try other.token(#""sub":"x","aud":"api""#)).error == .otherAudience)
    }

    @Test("who is told: the claim that is named, with what stands before it; without one the token is refused")
    func user() throws {
        let judge = try judge {
            $0.user = ClaimPath("https://one.example/id", "name")
            $0.userPrefix = "one:"
        }
        let token = try one.token(#""sub":"x","https://one.example/id":{"name":"ann"}"#)
        #expect(judge.judge(token).token?.user == "one:ann")
        #expect(judge.judge(try one.token()).error == .noUser)
        #expect(try self.judge().judge(try one.token(#""sub":"two words""#)).error == .noUser)
        #expect(try self.judge().judge(try one.token(#""sub":7"#)).token?.user == "7")
        // userId is our own tokens' word.
        #expect(try self.judge().judge(try one.token(#""sub":"s","userId":1"#)).token?.user == "s")
    }

    @Test("what is told: the payload as it is, or what is named")
    func told() throws {
        let token = try one.token(#""sub":"x","o":{"rol":"admin"},"secret":"s""#)
        #expect(try judge().judge(token).token?.payload == token.split(separator: ".").map(String.init)[1])
        let judge = try judge {
            $0.told = [
                .init(name: "sub", claim: ClaimPath("sub")), .init(name: "role", claim: ClaimPath("o", "rol")),
                .init(name: "none", claim: ClaimPath("o", "none")),
            ]
        }
        let payload = try #require(judge.judge(token).token?.payload)
        let text = try #require(Base64URL.decode(payload.utf8))
        #expect(String(decoding: text, as: UTF8.self) == #"{"sub":"x","role":"admin"}"#)
    }

    @Test("a claim that is refused: Clerk's pending sessions")
    func refused() throws {
        let judge = try judge { $0.refused = [.init(name: "sts", values: ["pending"])] }
        #expect(judge.judge(try one.token(#""sub":"x","sts":"active""#)).token != nil)
        #expect(judge.judge(try one.token()).token != nil)
        #expect(judge.judge(try one.token(#""sub":"x","sts":"pending""#)).error == .refusedClaim(name: "sts"))
    }

    @Test("a token is taken from where its issuer's tokens come from, and from nowhere else")
    func places() throws {
        let session = try #require(CookieName("__session_*"))
        let judge = try judge(places: TokenPlaces(header: false, cookies: [session]))
        let token = try one.token()
        #expect(judge.judge(token).error == .wrongPlace)
        #expect(judge.judge(token, from: .cookie("__session_abc")).token != nil)
        #expect(judge.judge(token, from: .cookie("__session")).error == .wrongPlace)
        #expect(judge.judge(try other.token(), from: .cookie("__session_abc")).error == .wrongPlace)
        let own = try TokenFixtures.sign(#"{"alg":"HS256"}"#, "{}", with: TokenFixtures.key())
        #expect(judge.judge(own, from: .cookie("__session_abc")).error == .wrongPlace)
        #expect(judge.judge(own).token != nil)
    }

    @Test("kid: the key of that name alone; without one the keys without")
    func kid() throws {
        let nameless = try TestIssuer(one.name, kid: nil)
        let judge = TokenJudge(
            own: try TokenFixtures.verifier(),
            issuers: try .test([.test(one.name)], sets: [TestIssuer.set(one.jwk(), nameless.jwk())]))
        #expect(judge.judge(try one.token()).token != nil)
        #expect(judge.judge(try nameless.token()).token != nil)
        let unknown = try TestIssuer(one.name, kid: "k2")
        #expect(judge.judge(try unknown.token()).error == .noKey)
        #expect(judge.judge(try TestForger(signer: other, name: one.name).token()).error == .badSignature)
    }

    @Test("token inspect says who judged")
    func inspection() throws {
        let judge = try judge()
        let good = TokenInspection(Array(try one.token().utf8), judge: judge, now: TestIssuer.now)
        #expect(
            good.report.contains(
                "judged by  the keys of https://one.example (auth.yaml)\nsignature  good\nverdict    good"))
        let own = TokenInspection(Array(TokenFixtures.tutorial.utf8), judge: judge, now: TokenFixtures.issued)
        #expect(own.report.contains("judged by  this service's own keys\n"))
        let third = try TestIssuer("https://third.example")
        let nobody = TokenInspection(Array(try third.token().utf8), judge: judge, now: TestIssuer.now)
        #expect(nobody.refusal == .unknownIssuer)
        #expect(nobody.report.contains("judged by  nobody"))
    }
}

/// Signs with one issuer's key and says that it is another.
private struct TestForger {
    let signer: TestIssuer
    let name: String

    func token() throws -> String {
        let payload = #"{"iss":"\#(name)","sub":"x","iat":\#(TestIssuer.now),"exp":\#(TestIssuer.now + 60)}"#
        return try TokenFixtures.sign(#"{"alg":"ES256","kid":"k1"}"#, payload, with: signer.key)
    }
}
