import Testing

@testable import AuthService

@Suite("How long sessions last")
struct SessionRulesTests {
    private let rules = SessionRules(idle: 100, lifetime: 250, perUser: 2, grace: 5)

    @Test("each refresh moves the end, and none moves it past the lifetime")
    func ends() {
        var session = rules.begin(id: "s", user: 1, now: 1000)
        #expect(session.expires == 1100 && session.ends == 1250)
        session = rules.refreshed(session, now: 1090)
        #expect(session.expires == 1190 && session.used == 1090)
        session = rules.refreshed(session, now: 1180)
        #expect(session.expires == 1250)
        #expect(!session.hasExpired(at: 1249) && session.hasExpired(at: 1250))
    }

    @Test("a clock that was set back shortens nothing")
    func clock() {
        let session = rules.refreshed(rules.begin(id: "s", user: 1, now: 1000), now: 500)
        #expect(session.expires == 1100 && session.used == 1000)
    }

    @Test("the token in force is good, the one before it for a moment harmless, and any other ends the session")
    func judgement() {
        let session = rules.begin(id: "s", user: 1, now: 1000)
        func judge(_ presented: [UInt8], now: Int64, grace: Int64 = 5) -> SessionRules.Judgement {
            var rules = rules
            rules.grace = grace
            return rules.judge(presented, token: [1], previous: [2], session: session, now: now)
        }
        #expect(judge([1], now: 1001) == .good)
        #expect(judge([2], now: 1004) == .tooSoon)
        #expect(judge([2], now: 1005) == .reused)
        #expect(judge([2], now: 1000, grace: 0) == .reused)
        #expect(judge([3], now: 1001) == .reused)
        for presented in [[1], [2], [3]] as [[UInt8]] { #expect(judge(presented, now: 1100) == .expired) }
    }

    @Test("what a session's end revokes is kept until its last token has expired, and not at all after that")
    func revocation() {
        var session = rules.begin(id: "s", user: 7, now: 1000)
        session.tokensEnd = 1050
        #expect(
            session.revocation(now: 1049) == Revocation(.session, "s", made: 1049, expires: 1050, user: "7"))
        #expect(session.revocation(now: 1050) == nil)
    }
}
