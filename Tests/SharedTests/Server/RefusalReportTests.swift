import Testing

@testable import Shared

@Suite("What is said of refused connections")
struct RefusalReportTests {
    private typealias Refusals = ConnectionQuota.Refusals

    @Test("the first is told at once, those of the minute after it together, and none twice")
    func told() {
        var report = RefusalReport()
        #expect(report.refused(Refusals(full: 1), now: 5 * second) == Refusals(full: 1))
        for number in 2...40 {
            #expect(report.refused(Refusals(full: UInt64(number)), now: (5 + UInt64(number)) * second) == nil)
        }
        #expect(
            report.refused(Refusals(full: 41, clientFull: 7), now: 65 * second) == Refusals(full: 40, clientFull: 7))
        #expect(report.refused(Refusals(full: 42, clientFull: 7), now: 66 * second) == nil)
    }

    @Test("a count that was taken before the last one that was told is passed over")
    func overtaken() {
        var report = RefusalReport()
        #expect(report.refused(Refusals(full: 6), now: 5 * second) == Refusals(full: 6))
        #expect(report.refused(Refusals(full: 5), now: 66 * second) == nil)
        #expect(report.refused(Refusals(full: 8), now: 67 * second) == Refusals(full: 2))
    }
}
