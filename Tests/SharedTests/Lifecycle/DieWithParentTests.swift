import Glibc
import Testing

@testable import Shared

@Suite("die with parent")
struct DieWithParentTests {
    // In processes of their own: what is armed stays armed.
    @Test("with the parent there it is armed")
    func armed() async {
        await #expect(processExitsWith: .success) { try DieWithParent.arm(parent: getppid()) }
    }

    @Test("a parent that is gone is found")
    func gone() async {
        await #expect(processExitsWith: .success) {
            let error = #expect(throws: DieWithParent.Failure.self) { try DieWithParent.arm(parent: getpid()) }
            #expect(error?.description == "the process that started this one is gone")
        }
    }
}
