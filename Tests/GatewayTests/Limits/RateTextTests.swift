import Testing

@testable import Gateway

@Suite("Rates as they are written")
struct RateTextTests {
    @Test(
        "count, unit, burst and scope are read; a burst is the count, and the scope the client, where nothing is said",
        arguments: [
            ("100/s", 100, RateText.Unit.second, 100, RateRule.Scope.client),
            ("100/s per client", 100, .second, 100, .client),
            ("600/m burst 20 per user", 600, .minute, 20, .user),
            ("1/h in all", 1, .hour, 1, .all),
            ("1000000/s burst 1 in all", 1_000_000, .second, 1, .all),
        ])
    func forms(_ text: String, _ count: Int, _ unit: RateText.Unit, _ burst: Int, _ scope: RateRule.Scope) throws {
        let rate = try #require(RateText(text))
        #expect(rate.count == count && rate.unit == unit && rate.burst == burst && rate.scope == scope)
        #expect(RateText(rate.description) == rate)
    }

    @Test(
        "anything else is none",
        arguments: [
            "", "100", "/s", "0/s", "-1/s", "+1/s", "01/s", "1000001/s", "1/d", "1/S", "1 /s", "1/s burst",
            "1/s burst 0", "1/s burst x per user", "1/s per", "1/s per clients", "1/s in", "1/s  per client",
            "1/s per client burst 2", "1/s per client ",
        ])
    func refused(_ text: String) {
        #expect(RateText(text) == nil)
    }
}
