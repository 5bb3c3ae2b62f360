import Shared
import Testing

@testable import AuthService

@Suite("answers with keys, and what is logged of them")
struct IssuerKeyAnswerTests {
    @Test(
        "how long an answer may be kept, by its Cache-Control",
        arguments: [
            ("max-age=300", 300), ("public, max-age=15, must-revalidate", 15), ("MAX-AGE=7", 7), ("no-store", 0),
            ("max-age=60, no-cache", 0), ("public", nil), ("max-age=", nil), ("max-age=x", nil),
            ("s-maxage=9", nil), ("max-age=5, max-age=900", 5), ("max-age=99999999999999999999", nil), ("", nil),
        ] as [(String, Int64?)])
    func lifetime(value: String, seconds: Int64?) {
        #expect(CacheLifetime.seconds(value) == seconds)
    }

    @Test("failures are logged once in a row, then once a minute with the number of those between")
    func log() {
        let second = IssuerKeyStateMachine.second
        var log = IssuerKeyLog()
        let told = [0, 1, 59, 60, 61].map { log.failed(now: $0 * second) }
        #expect(told == [0, nil, nil, 2, nil])
        let ends = [log.succeeded(), log.succeeded()]
        #expect(ends == [true, false])
        let again = log.failed(now: 62 * second)
        #expect(again == 0)
    }

    @Test("a question that waits is released by the end of the fetch, and no more than so many wait")
    func waiting() async throws {
        let keys = IssuerKeys(try .remote("https://i.example"))
        let (woken, wake) = AsyncStream.makeStream(of: Void.self)
        keys.whenDue { wake.yield() }
        guard case .unknown(_, true) = keys.look(for: "k", .es256, issuedAt: nil) else {
            Issue.record("there are no keys yet")
            return
        }
        keys.change { $0.begin(now: 0, time: 0) }
        async let waited: Void = keys.waitForFetch()
        var wakes = woken.makeAsyncIterator()
        // Told of the fetch that is due, and of the one that waits.
        _ = await wakes.next()
        _ = await wakes.next()
        let round = try #require(keys.roundOfWaiting)
        keys.change(isEnd: true) { $0.failed(.issuer, now: 1, chance: 0) }
        await waited
        #expect(keys.roundOfWaiting == nil)
        // Who comes late releases nobody else.
        keys.release(round: round)
    }
}
