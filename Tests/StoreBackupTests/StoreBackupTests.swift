import ArgumentParser
import FoundationEssentials
import GRDB
import Shared
import Testing

@testable import StoreBackup

@Suite("Copies of a store")
struct StoreBackupTests {
    private let folder: String

    init() throws {
        folder = "/tmp/postern-backup-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private func file(_ name: String) -> String { "\(folder)/\(name)" }

    private func arguments(_ name: String, force: Bool = false) throws -> BackupArguments {
        try BackupArguments.parse([file(name)] + (force ? ["--force"] : []))
    }

    @discardableResult
    private func backUp(_ name: String, force: Bool = false, of store: String = "store.db") throws -> Int64 {
        try StoreBackup(of: file(store), arguments(name, force: force)) { _, _ in }.run()
    }

    /// Two tables whose sums are the same after each transaction.
    private func store() throws -> DatabasePool {
        let pool = try DatabasePool(path: file("store.db"))
        try pool.write { database in
            try database.execute(
                sql: """
                    CREATE TABLE a (id INTEGER PRIMARY KEY, text TEXT); CREATE TABLE b (id INTEGER PRIMARY KEY, text TEXT);
                    """)
        }
        return pool
    }

    private func insert(_ count: Int, into pool: DatabasePool) throws {
        try pool.write { database in
            for _ in 0..<count {
                for table in ["a", "b"] {
                    try database.execute(
                        sql: "INSERT INTO \(table) (text) VALUES (?)", arguments: [String(repeating: "x", count: 1000)])
                }
            }
        }
    }

    private func counts(_ name: String) throws -> (a: Int, b: Int) {
        var configuration = Configuration()
        configuration.readonly = true
        return try DatabaseQueue(path: file(name), configuration: configuration).read {
            (
                try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM a") ?? -1,
                try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM b") ?? -1
            )
        }
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: file(name))[.posixPermissions] as? Int
    }

    @Test("a copy has what is in the log too, is one file of mode 0600, and leaves nothing else behind")
    func whole() throws {
        let pool = try store()
        try insert(10, into: pool)
        let size = try backUp("copy.db")
        #expect(try counts("copy.db") == (10, 10))
        #expect(try mode("copy.db") == 0o600)
        #expect(size > 0)
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { !$0.hasPrefix("store.db") }
        #expect(names == ["copy.db"])
        try pool.close()
    }

    @Test("a store that nobody has open is copied too, and keeps no file that it had not")
    func atRest() throws {
        let pool = try store()
        try insert(3, into: pool)
        try pool.close()
        try backUp("copy.db")
        #expect(try counts("copy.db") == (3, 3))
        #expect(
            try Set(FileManager.default.contentsOfDirectory(atPath: folder)).isSubset(
                of: ["store.db", "copy.db", "store.db-wal", "store.db-shm"]))
    }

    @Test("while somebody writes it is one state of the store, and the writer goes on")
    func underWrites() throws {
        let pool = try store()
        try insert(4000, into: pool)
        var written = 0
        let copy = StoreBackup(of: file("store.db"), try arguments("copy.db")) { _, _ in
            // Between each two steps of the copy.
            if (try? self.insert(1, into: pool)) != nil { written += 1 }
        }
        _ = try copy.run()
        #expect(written > 2)
        #expect(try counts("copy.db") == (4000, 4000))
        #expect(try counts("store.db") == (4000 + written, 4000 + written))
    }

    @Test("progress goes up to all of it")
    func progress() throws {
        let pool = try store()
        try insert(2000, into: pool)
        var steps: [(Int, Int)] = []
        _ = try StoreBackup(of: file("store.db"), arguments("copy.db")) { steps.append(($0, $1)) }.run()
        #expect(steps.count > 2)
        #expect(steps.map(\.0) == steps.map(\.0).sorted())
        #expect(steps.last?.0 == steps.last?.1)
    }

    @Test("no file is replaced unless that is wanted, and the store itself never")
    func places() throws {
        let pool = try store()
        try Data("mine".utf8).write(to: URL(filePath: file("copy.db")))
        #expect(throws: CommandFailure.self) { try backUp("copy.db") }
        #expect(try Data(contentsOf: URL(filePath: file("copy.db"))) == Data("mine".utf8))
        try backUp("copy.db", force: true)
        #expect(try counts("copy.db") == (0, 0))
        #expect(try mode("copy.db") == 0o600)
        try FileManager.default.createSymbolicLink(atPath: file("link"), withDestinationPath: file("store.db"))
        for own in ["store.db", "store.db-wal", "link"] {
            #expect(throws: CommandFailure.self) { try backUp(own, force: true) }
        }
        try FileManager.default.createSymbolicLink(atPath: file("nowhere"), withDestinationPath: file("missing"))
        #expect(throws: CommandFailure.self) { try backUp("nowhere") }
        #expect(throws: CommandFailure.self) { try backUp("nowhere", force: true) }
        try insert(1, into: pool)
        #expect(try counts("store.db") == (1, 1))
    }

    @Test("what cannot be copied is said with its mend, and leaves nothing behind")
    func failures() throws {
        let missing = try #require(throws: CommandFailure.self) { try backUp("copy.db") }
        #expect(missing.status == .noInput)
        try Data("no database at all, but long enough to be looked at".utf8).write(to: URL(filePath: file("store.db")))
        let broken = try #require(throws: CommandFailure.self) { try backUp("copy.db") }
        #expect(broken.status == .dataError && broken.mend != nil)
        #expect(throws: CommandFailure.self) { try backUp("no/such/folder/copy.db") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["store.db"])
    }

    @Test("a damaged store makes no copy")
    func damage() throws {
        let pool = try store()
        try insert(500, into: pool)
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
        try pool.close()
        var bytes = try Data(contentsOf: URL(filePath: file("store.db")))
        for index in 8192..<12288 { bytes[index] = 0xA5 }
        try bytes.write(to: URL(filePath: file("store.db")))
        let failure = try #require(throws: CommandFailure.self) { try backUp("copy.db") }
        #expect(failure.status == .dataError)
        #expect(!FileManager.default.fileExists(atPath: file("copy.db")))
    }
}
