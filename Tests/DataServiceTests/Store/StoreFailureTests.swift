import Foundation
import GRDB
import Testing

@testable import DataService

@Suite("A store that fails")
struct StoreFailureTests {
    typealias Answer = TestService.Answer
    private let service: TestService
    private let unavailable = Answer(503, #"{"error":"Service unavailable"}"#)
    private let broken = Answer(500, #"{"error":"Internal server error"}"#)
    private let bob = Answer(200, #"{"id":1,"username":"bob","name":"Bob","location":"USA"}"#)

    init() throws { service = try TestService() }

    private func getBob() async throws -> Answer { try await service.get("/api/users/[id]", "/", [("id", ["1"])]) }

    /// Takes the store away under the running service; gives back how to restore it.
    private func remove() throws -> () throws -> Void {
        let (path, aside) = (service.folder.store, service.folder.path + "/aside")
        try FileManager.default.createDirectory(atPath: aside, withIntermediateDirectories: true)
        for name in ["data.db", "data.db-wal", "data.db-shm"] {
            try? FileManager.default.moveItem(
                atPath: service.folder.path + "/" + name, toPath: aside + "/" + name)
        }
        return {
            try? FileManager.default.removeItem(atPath: path)
            for name in ["data.db", "data.db-wal", "data.db-shm"] {
                try? FileManager.default.removeItem(atPath: service.folder.path + "/" + name)
                try? FileManager.default.moveItem(atPath: aside + "/" + name, toPath: service.folder.path + "/" + name)
            }
        }
    }

    @Test("a store that disappears is 503 until it is back, also for what was asked before; it is not made anew")
    func missing() async throws {
        #expect(try await getBob() == bob)
        let restore = try remove()
        #expect(try await getBob() == unavailable)
        #expect(try await service.get("/healthz") == unavailable)
        #expect(try await service.get("/api/posts") == unavailable)
        #expect(!FileManager.default.fileExists(atPath: service.folder.store))
        try restore()
        #expect(try await getBob() == bob)
        #expect(try await service.get("/healthz") == Answer(200, #"{"status":"ok"}"#))
        #expect(kinds == [.missing, nil])
    }

    @Test("a file that is no database is 500, and health 503, until a sound one is back")
    func corrupt() async throws {
        let restore = try remove()
        try service.folder.write(String(repeating: "no database ", count: 1_000), to: "data.db")
        #expect(try await getBob() == broken)
        #expect(try await service.get("/healthz") == unavailable)
        try restore()
        #expect(try await getBob() == bob)
        #expect(kinds == [.corrupt, nil])
    }

    @Test("an empty file in the store's place is a fault, not an empty store")
    func emptied() async throws {
        let restore = try remove()
        try service.folder.write("", to: "data.db")
        #expect(try await getBob() == broken)
        try restore()
        #expect(try await getBob() == bob)
    }

    @Test("a damaged page is 500; once it is mended the store answers again")
    func damagedPage() async throws {
        let folder = service.folder
        let other = try DatabaseQueue(path: folder.store)
        try await other.writeWithoutTransaction { _ = try $0.checkpoint(.truncate) }
        let root = try await other.read {
            try Int.fetchOne($0, sql: "SELECT rootpage FROM sqlite_schema WHERE name = 'comments'")
        }
        try other.close()
        let sound = try Data(contentsOf: URL(filePath: folder.store))
        var damaged = sound
        let start = (try #require(root) - 1) * 4096
        damaged.replaceSubrange(start..<(start + 4096), with: Data(repeating: 0x5A, count: 4096))
        try overwrite(damaged)
        #expect(try await service.get("/api/comments/[[...ids]]") == broken)
        try overwrite(sound)
        let mended = try await service.get("/api/comments/[[...ids]]")
        #expect(mended.status == 200)
    }

    @Test("a store held by another process for too long is 503 until it lets go")
    func locked() async throws {
        // A reader that is in already is never kept waiting, so the store comes back from a backup, held.
        let restore = try remove()
        try FileManager.default.copyItem(
            atPath: service.folder.path + "/aside/data.db", toPath: service.folder.store)
        let holder = try DatabaseQueue(path: service.folder.store)
        try await holder.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; COMMIT")
        }
        #expect(try await getBob() == unavailable)
        try holder.close()
        try restore()
        #expect(try await getBob() == bob)
        #expect(kinds == [.locked, nil])
    }

    @Test("nothing of a failure but its status reaches the client; the log has the cause")
    func words() async throws {
        _ = try remove()
        _ = try await getBob()
        guard case .failed(let error) = service.events.all.first else {
            Issue.record("nothing was told to the log")
            return
        }
        #expect(error.description.contains(service.folder.store))
    }

    /// What the log was told: a kind for a failure, nil for a recovery.
    private var kinds: [StoreError.Kind?] {
        service.events.all.map { if case .failed(let error) = $0 { error.kind } else { nil } }
    }

    private func overwrite(_ bytes: Data) throws {
        let handle = try FileHandle(forWritingTo: URL(filePath: service.folder.store))
        try handle.write(contentsOf: bytes)
        try handle.close()
    }
}
