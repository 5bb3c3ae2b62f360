import Glibc
import Testing

@testable import Shared

@Suite("exit statuses")
struct ExitStatusTests {
    @Test(
        "have the numbers of sysexits.h",
        arguments: [
            (Shared.ExitStatus.usage, 64 as Int32), (.dataError, 65), (.noInput, 66), (.unavailable, 69),
            (.software, 70),
            (.systemError, 71), (.temporaryFailure, 75), (.noPermission, 77), (.configuration, 78),
        ])
    func numbers(status: Shared.ExitStatus, number: Int32) {
        #expect(status.rawValue == number)
    }
}
