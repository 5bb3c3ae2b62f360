import Testing

@testable import Gateway

@Suite("What is known of a name, over time")
struct NameRecordTests {
    private let settings = ResolverConfiguration()
    private let one = IPAddress("9.9.9.1"), two = IPAddress("9.9.9.2"), long = IPAddress("2a00::1")
    private let inner = IPAddress("10.0.0.1")

    private func found(_ addresses: IPAddress?..., ttl: UInt32 = 60) -> NameAnswer {
        .found(addresses.compactMap { $0 }, ttl: ttl)
    }

    private func texts(_ record: NameRecord) -> [String] { record.addresses.map(\.description) }

    @Test("addresses of both families are kept for the shorter of their times")
    func both() {
        var record = NameRecord(allowsPrivate: false)
        #expect(record.due == 0 && !record.isSettled)
        let outcome = record.take(found(one, ttl: 60), found(long, ttl: 20), now: second, settings)
        #expect(outcome == NameRecord.Outcome(isChanged: true))
        #expect(texts(record) == ["2a00::1", "9.9.9.1"])
        #expect(record.due == 21 * second && record.isSettled)
    }

    @Test("an answer in another order, or with an address twice, is no other")
    func order() {
        var record = NameRecord(allowsPrivate: false)
        _ = record.take(found(one, two), .none, now: 0, settings)
        #expect(record.take(found(two, one, two), .none, now: second, settings) == NameRecord.Outcome())
    }

    @Test("no time is shorter than the least, or longer than the most")
    func bounds() {
        var record = NameRecord(allowsPrivate: false)
        _ = record.take(found(one, ttl: 0), .none, now: 0, settings)
        #expect(record.due == settings.minimumTTL)
        _ = record.take(found(one, ttl: .max), .none, now: 0, settings)
        #expect(record.due == settings.maximumTTL)
    }

    @Test("a name that its own servers do not know has no addresses from then on")
    func gone() {
        var record = NameRecord(allowsPrivate: false)
        _ = record.take(found(one), .none, now: 0, settings)
        #expect(record.take(.none, .none, now: second, settings) == NameRecord.Outcome(isChanged: true))
        #expect(record.addresses.isEmpty && record.isSettled)
        #expect(record.due == second + NameRecord.emptyTime)
    }

    @Test("while nobody answers the last addresses are used, to a bound, and it is asked again ever more slowly")
    func stale() {
        var record = NameRecord(allowsPrivate: false)
        _ = record.take(found(one, ttl: 60), .none, now: 0, settings)
        let lost = record.take(.failed("timeout"), .failed("timeout"), now: 60 * second, settings)
        #expect(lost == NameRecord.Outcome(began: "timeout"))
        #expect(record.due == 61 * second)
        #expect(record.take(.failed("x"), .failed("x"), now: 61 * second, settings) == NameRecord.Outcome())
        #expect(record.due == 63 * second)
        for _ in 0..<20 { _ = record.take(.failed("x"), .failed("x"), now: 100 * second, settings) }
        #expect(record.due == 130 * second)
        #expect(texts(record) == ["9.9.9.1"])
        let end = 60 * second + settings.stale
        #expect(record.take(.failed("x"), .failed("x"), now: end - 1, settings) == NameRecord.Outcome())
        let forgotten = record.take(.failed("x"), .failed("x"), now: end, settings)
        #expect(forgotten == NameRecord.Outcome(isChanged: true, isForgotten: true))
        #expect(record.addresses.isEmpty)
        let back = record.take(found(two), .none, now: end, settings)
        #expect(back == NameRecord.Outcome(isChanged: true, isRecovered: true))
        #expect(record.failures == 0)
    }

    @Test("a family that nobody answers for keeps what it had, and is asked for soon")
    func half() {
        var record = NameRecord(allowsPrivate: false)
        _ = record.take(found(one, ttl: 600), found(long, ttl: 600), now: 0, settings)
        let outcome = record.take(found(two, ttl: 600), .failed("x"), now: 600 * second, settings)
        #expect(outcome == NameRecord.Outcome(isChanged: true))
        #expect(texts(record) == ["2a00::1", "9.9.9.2"])
        #expect(record.due == 630 * second)
        // The one family has none, of the other nobody says anything: that is no answer.
        #expect(record.take(.none, .failed("x"), now: 630 * second, settings).began == "x")
        #expect(texts(record) == ["2a00::1", "9.9.9.2"])
    }

    @Test("each answer is judged: a private address is refused, now and again, and told of once")
    func rebinding() {
        var record = NameRecord(allowsPrivate: false)
        _ = record.take(found(one), .none, now: 0, settings)
        let rebound = record.take(found(inner), .none, now: second, settings)
        #expect(rebound.newlyRefused.map(\.description) == ["10.0.0.1"])
        #expect(rebound.isChanged && rebound.refusedCount == 1)
        #expect(record.addresses.isEmpty)
        let again = record.take(found(inner, two), .none, now: 2 * second, settings)
        #expect(again.newlyRefused.isEmpty && again.refusedCount == 1)
        #expect(texts(record) == ["9.9.9.2"])
    }

    @Test("where private addresses are allowed none is refused")
    func allowed() {
        var record = NameRecord(allowsPrivate: true)
        let outcome = record.take(found(inner, one), .none, now: 0, settings)
        #expect(outcome == NameRecord.Outcome(isChanged: true))
        #expect(record.addresses.count == 2)
    }

    @Test("of very many addresses some are used")
    func many() {
        var record = NameRecord(allowsPrivate: false)
        let all = (0..<100).compactMap { IPAddress("9.9.9.\($0)") }
        _ = record.take(.found(all, ttl: 60), .none, now: 0, settings)
        #expect(record.addresses.count == NameRecord.addressLimit)
    }
}
