import Testing

@testable import Shared

@Suite("log timestamp")
struct LogTimestampTests {
    @Test(
        "is RFC 3339 in UTC with milliseconds",
        arguments: [
            (0 as Int64, "1970-01-01T00:00:00.000Z"), (1_795_374_000_123, "2026-11-22T19:00:00.123Z"),
            (951_782_400_000, "2000-02-29T00:00:00.000Z"), (4_107_542_399_999, "2100-02-28T23:59:59.999Z"),
            (4_107_542_400_000, "2100-03-01T00:00:00.000Z"), (1_735_689_599_999, "2024-12-31T23:59:59.999Z"),
            (-1, "1969-12-31T23:59:59.999Z"), (253_402_300_799_000, "9999-12-31T23:59:59.000Z"),
        ])
    func forms(milliseconds: Int64, text: String) {
        #expect(LogTimestamp.text(milliseconds: milliseconds) == text)
    }
}
