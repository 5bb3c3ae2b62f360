// Unsafe code: lends the bytes of names.
import Glibc
import Shared
import Synchronization
import Testing

@testable import Gateway

@Suite("Rates are kept")
struct RateLimiterTests {
    private func rule(_ text: String, _ place: String = "routes/x.yaml") throws -> RateRule {
        RateRule(try #require(RateText(text)), place: place)
    }

    private func client(_ number: UInt64) -> ClientIdentity { ClientIdentity(network: number) }

    @Test("a burst passes at once, then one request an interval, and the wait is told to the nanosecond")
    func burst() throws {
        let limiter = RateLimiter(keys: 8)
        let rule = try rule("10/s burst 3")
        let key = limiter.key(rule, client: client(1))
        let start = 5 * second
        for _ in 1...3 { #expect(limiter.take(rule, key, now: start).wait == 0) }
        #expect(limiter.take(rule, key, now: start).wait == 100 * millisecond)
        #expect(limiter.take(rule, key, now: start + 99 * millisecond).wait == millisecond)
        #expect(limiter.take(rule, key, now: start + 100 * millisecond).wait == 0)
        #expect(limiter.take(rule, key, now: start + 100 * millisecond).wait == 100 * millisecond)
        // Whoever waits long enough has the whole burst again, and not more.
        for _ in 1...3 { #expect(limiter.take(rule, key, now: start + 10 * second).wait == 0) }
        #expect(limiter.take(rule, key, now: start + 10 * second).wait > 0)
    }

    @Test("over a long time so many pass as the rate says, whatever the pattern of the requests")
    func longRun() throws {
        let limiter = RateLimiter(keys: 8)
        let rule = try rule("100/s burst 10")
        let key = limiter.key(rule, client: client(1))
        var passed = 0
        // Ten seconds, a request each 1.7 ms: 588 a second.
        for step in 0..<5882 {
            if limiter.take(rule, key, now: second + UInt64(step) * 1_700_000).wait == 0 { passed += 1 }
        }
        #expect((1009...1010).contains(passed))
    }

    @Test("clients, users, rates and routes do not count against each other; a route stays the same after a reload")
    func apart() throws {
        let limiter = RateLimiter(keys: 4096)
        let rule = try rule("1/h")
        let again = try self.rule("1/h")
        var keys: [UInt64] = [limiter.key(rule), limiter.key(rule, client: ClientIdentity(user: 7))]
        for number in 0..<200 {
            keys.append(limiter.key(rule, client: client(UInt64(number))))
            let name = Array("\(number)".utf8)
            keys.append(limiter.key(rule, user: unsafe name.span.bytes))
        }
        for other in [
            try self.rule("1/h", "routes/y.yaml"), try self.rule("1/h per user"), try self.rule("1/h in all"),
        ] {
            keys.append(limiter.key(other, client: client(7)))
        }
        #expect(Set(keys).count == keys.count)
        for key in keys {
            let outcome = limiter.take(rule, key, now: second)
            #expect(outcome.wait == 0 && !outcome.hasEvicted)
        }
        #expect(limiter.key(again, client: client(7)) == limiter.key(rule, client: client(7)))
        #expect(RateLimiter(keys: 8).key(rule) != limiter.key(rule), "the hash has a key of its own")
    }

    @Test("in a full table the one with the least used up makes way, and who is at the limit stays there")
    func full() throws {
        let limiter = RateLimiter(keys: 8)
        let rule = try rule("10/m burst 5")
        let flooder = limiter.key(rule, client: client(0))
        for _ in 1...5 { #expect(limiter.take(rule, flooder, now: second).wait == 0) }
        #expect(limiter.take(rule, flooder, now: second).wait > 0)
        var evictions = 0
        for number in 1...1000 {
            let outcome = limiter.take(rule, limiter.key(rule, client: client(UInt64(number))), now: second)
            #expect(outcome.wait == 0)
            if outcome.hasEvicted { evictions += 1 }
        }
        #expect(evictions == 1000 - 7)
        #expect(limiter.take(rule, flooder, now: second).wait > 0)
        // A minute later nobody has used up anything: places are taken over without a loss.
        for number in 2000..<2008 {
            let outcome = limiter.take(rule, limiter.key(rule, client: client(UInt64(number))), now: 100 * second)
            #expect(outcome.wait == 0 && !outcome.hasEvicted)
        }
    }

    @Test("several threads take no more together than there is")
    func threads() throws {
        let limiter = RateLimiter()
        let rule = try rule("1000/h")
        let key = limiter.key(rule, client: client(9))
        let passed = Atomic(0)
        var threads: [LoopThread] = []
        for index in 0..<4 {
            threads.append(
                try LoopThread(name: "rate-\(index)") { _ in
                    for number in 1000..<2000 {
                        if limiter.take(rule, key, now: second).wait == 0 { passed.add(1, ordering: .relaxed) }
                        // Others come and go meanwhile.
                        _ = limiter.take(rule, limiter.key(rule, client: client(UInt64(number))), now: second)
                    }
                })
        }
        for thread in threads {
            thread.stop()
            thread.join()
        }
        #expect(passed.load(ordering: .relaxed) == 1000)
    }
}
