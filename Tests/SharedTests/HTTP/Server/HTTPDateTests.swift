import CLinux
import Testing

@testable import Shared

@Suite("Dates (RFC 9110 section 5.6.7)")
struct HTTPDateTests {
    @Test(
        "leap years, ends of years, and the days of the week",
        arguments: [
            (0, "Thu, 01 Jan 1970 00:00:00 GMT"),
            (784_111_777, "Sun, 06 Nov 1994 08:49:37 GMT"),
            (951_782_399, "Mon, 28 Feb 2000 23:59:59 GMT"),
            (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
            (951_868_800, "Wed, 01 Mar 2000 00:00:00 GMT"),
            (1_709_164_800, "Thu, 29 Feb 2024 00:00:00 GMT"),
            (1_740_787_199, "Fri, 28 Feb 2025 23:59:59 GMT"),
            (1_740_787_200, "Sat, 01 Mar 2025 00:00:00 GMT"),
            (1_767_225_599, "Wed, 31 Dec 2025 23:59:59 GMT"),
            (1_767_225_600, "Thu, 01 Jan 2026 00:00:00 GMT"),
            (2_147_483_647, "Tue, 19 Jan 2038 03:14:07 GMT"),
            (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"),
            (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
            (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
        ] as [(Int64, String)])
    func format(seconds: Int64, text: String) {
        #expect(String(decoding: HTTPDate.format(seconds), as: UTF8.self) == "Date: \(text)\r\n")
    }

    @Test("the line is of this second")
    func now() {
        var date = HTTPDate()
        let before = postern_realtime_s()
        let line = date.line(at: 1)
        #expect((before...before + 1).map(HTTPDate.format).contains(line))
    }

    @Test("the clock is not asked again within a fifth of a second of the loop's time")
    func kept() {
        var date = HTTPDate()
        let first = date.line(at: 1_000_000_000)
        #expect(date.line(at: 1_199_999_999) == first)
    }
}
