import Glibc
import Testing

@testable import Shared

@Suite("What is said of connections that cannot be accepted")
struct AcceptFailureReportTests {
    @Test("the first is told at once, those of the minute after it together")
    func told() {
        var report = AcceptFailureReport()
        #expect(report.failed(EMFILE, now: 5 * second) == 1)
        for number in 1...40 { #expect(report.failed(EMFILE, now: (5 + UInt64(number)) * second) == nil) }
        #expect(report.failed(EMFILE, now: 65 * second) == 41)
        #expect(report.failed(EMFILE, now: 66 * second) == nil)
    }

    @Test("a failure of another kind is told of at once")
    func another() {
        var report = AcceptFailureReport()
        #expect(report.failed(EMFILE, now: 5 * second) == 1)
        #expect(report.failed(EMFILE, now: 6 * second) == nil)
        #expect(report.failed(ENFILE, now: 7 * second) == 2)
    }
}
