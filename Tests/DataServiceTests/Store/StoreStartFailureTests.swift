import Foundation
import Glibc
import Testing

@testable import DataService

@Suite("A store that cannot be opened at start")
struct StoreStartFailureTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func kind(_ path: String) -> StoreError.Kind? {
        do throws(StoreError) {
            _ = try DataStore(path: path, seed: .tutorial, busyTimeout: .milliseconds(20))
            return nil
        } catch {
            return error.kind
        }
    }

    @Test("a missing folder")
    func missingFolder() { #expect(kind(folder.path + "/none/data.db") == .missing) }

    @Test("a folder in the file's place")
    func folderInPlace() throws {
        try FileManager.default.createDirectory(atPath: folder.store, withIntermediateDirectories: false)
        #expect(kind(folder.store) == .missing)
    }

    @Test("a file that is no database, which stays as it is")
    func noDatabase() throws {
        let text = String(repeating: "letters ", count: 1_000)
        try folder.write(text, to: "data.db")
        #expect(kind(folder.store) == .corrupt)
        #expect(try String(contentsOfFile: folder.store, encoding: .utf8) == text)
    }

    // Root may write everywhere, so there is nothing to see as root.
    @Test("a file that may not be written", .enabled(if: geteuid() != 0))
    func readOnly() throws {
        do { _ = try DataStore(path: folder.store, seed: .tutorial) }
        try FileManager.default.setAttributes([.posixPermissions: 0o444], ofItemAtPath: folder.store)
        #expect(kind(folder.store) == .readOnly)
    }

    @Test("a folder that may not be written", .enabled(if: geteuid() != 0))
    func readOnlyFolder() throws {
        try FileManager.default.setAttributes([.posixPermissions: 0o555], ofItemAtPath: folder.path)
        #expect(kind(folder.store) == .missing)
    }
}
