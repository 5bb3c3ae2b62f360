import Glibc
import Testing

@testable import Shared

@Suite("start lock")
struct StartLockTests {
    @Test("a lock file that a killed process left is no hindrance, and is removed")
    func leftOver() throws {
        let folder = try ScratchFolder()
        try folder.write("", to: "a.sock.lock")
        let lock = try StartLock(for: folder["a.sock"])
        lock.release()
        #expect(ScratchFolder.names(in: folder.path) == [])
    }

    @Test("a lock that another process does not let go is an error that names it")
    func held() throws {
        let folder = try ScratchFolder()
        let first = try StartLock(for: folder["a.sock"])
        defer { first.release() }
        let error = #expect(throws: ListenError.self) { try StartLock(for: folder["a.sock"], patience: .zero) }
        #expect(
            error?.description == "another process holds \(folder["a.sock.lock"]). "
                + "See who it is with fuser \(folder["a.sock.lock"]), and stop it.")
    }
}
