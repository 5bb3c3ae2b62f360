import GRDB
import Testing

@testable import DataService

@Suite("Data store")
struct DataStoreTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func posts(_ store: DataStore) async throws -> StoredAnswer {
        try await store.answer(to: .list(.posts(limit: nil)))
    }

    @Test("an unseeded store is empty")
    func empty() async throws {
        let store = try DataStore(path: folder.store, seed: .none)
        #expect(try await posts(store) == .found(Array("[]".utf8)))
        #expect(try await store.answer(to: .user(id: 1)) == .absent)
        #expect(try await store.answer(to: .list(.postsOfUser(id: 1))) == .absent)
    }

    @Test("seeding happens once: rows that were changed or removed stay so")
    func seedOnce() async throws {
        let first = try DataStore(path: folder.store, seed: .tutorial)
        try await first.write("DELETE FROM comments; UPDATE users SET name = 'Robert' WHERE id = 1")
        let second = try DataStore(path: folder.store, seed: .tutorial)
        #expect(try await second.answer(to: .list(.comments)) == .found(Array("[]".utf8)))
        let bob = #"{"id":1,"username":"bob","name":"Robert","location":"USA"}"#
        #expect(try await second.answer(to: .user(id: 1)) == .found(Array(bob.utf8)))
    }

    @Test("the store uses a write-ahead log, so a reader never waits for a writer")
    func journal() async throws {
        let store = try DataStore(path: folder.store, seed: .tutorial, busyTimeout: .zero)
        #expect(try await store.read { try String.fetchOne($0, sql: "PRAGMA journal_mode") } == "wal")
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let writer = try DatabaseQueue(path: folder.store, configuration: configuration)
        try await writer.writeWithoutTransaction { database in
            try database.execute(sql: "BEGIN IMMEDIATE; DELETE FROM comments; DELETE FROM posts")
        }
        guard case .found(let json) = try await posts(store) else {
            Issue.record("no list")
            return
        }
        #expect(json.count > 2)
        try await writer.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
    }

    @Test("many instances may begin at once on one file: it is made once and seeded once, and none meets a lock")
    func manyAtOnce() async throws {
        let path = folder.store
        let stores = try await withThrowingTaskGroup(of: DataStore.self) { group in
            for _ in 0..<8 {
                // Without patience for SQLite's locks, so that only the order at the start can help.
                group.addTask { try DataStore(path: path, seed: .tutorial, busyTimeout: .zero) }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(stores.count == 8)
        for store in stores {
            let users = try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM users") }
            let comments = try await store.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM comments") }
            #expect(users == 3)
            #expect(comments == 5)
        }
    }

    @Test("an answer is kept until anyone changes the store, and no longer")
    func kept() async throws {
        let store = try DataStore(path: folder.store, seed: .tutorial)
        let sibling = try DataStore(path: folder.store, seed: .tutorial)
        let query = RecordQuery.list(.posts(limit: 1))
        #expect(store.keptAnswer(to: query) == nil)
        let first = try await store.answer(to: query)
        #expect(store.keptAnswer(to: query) == first)
        #expect(sibling.keptAnswer(to: query) == nil)
        _ = try await sibling.answer(to: query)
        try await store.write("UPDATE posts SET text = 'new' WHERE id = 1")
        #expect(store.keptAnswer(to: query) == nil)
        #expect(sibling.keptAnswer(to: query) == nil)
        let expected = StoredAnswer.found(Array(#"[{"id":1,"userId":1,"text":"new"}]"#.utf8))
        #expect(try await store.answer(to: query) == expected)
        #expect(try await sibling.answer(to: query) == expected)
        #expect(store.keptAnswer(to: query) == expected)
    }

    @Test("readers see whole transactions while another process writes")
    func concurrency() async throws {
        let store = try DataStore(path: folder.store, seed: .tutorial)
        let path = folder.store
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                let writer = try DatabaseQueue(path: path)
                for number in 0..<100 {
                    try await writer.write { database in
                        // Both rows carry one text, so a reader must never see two.
                        try database.execute(sql: "UPDATE posts SET text = 'a\(number)' WHERE id = 1")
                        try database.execute(sql: "UPDATE posts SET text = 'a\(number)' WHERE id = 2")
                    }
                }
            }
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<100 {
                        let query = RecordQuery.list(.posts(limit: 2))
                        let kept = store.keptAnswer(to: query)
                        let answer: StoredAnswer
                        if let kept { answer = kept } else { answer = try await store.answer(to: query) }
                        guard case .found(let json) = answer else { continue }
                        let texts = String(decoding: json, as: UTF8.self).split(separator: #""text":""#).dropFirst()
                            .map { $0.prefix { $0 != "\"" } }
                        #expect(texts.first == "Hello, World!" || Set(texts).count == 1)
                    }
                }
            }
            try await group.waitForAll()
        }
        let last = #"[{"id":1,"userId":1,"text":"a99"}]"#
        #expect(try await store.answer(to: .list(.posts(limit: 1))) == .found(Array(last.utf8)))
    }
}
