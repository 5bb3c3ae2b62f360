import GRDB
import Shared
import Testing

@testable import DataService

@Suite("Record queries in SQL")
struct RecordQuerySQLTests {
    private let folder: TemporaryFolder
    private let store: DataStore

    init() throws {
        folder = try TemporaryFolder()
        store = try DataStore(path: folder.store, seed: .none)
    }

    @Test("SQLite escapes a text as JSONWriter does", arguments: 0x00...0x7F)
    func escapes(code: UInt8) async throws {
        let text = "<é\(Unicode.Scalar(code))😀/>"
        let expected = JSONWriter.bytes { writer in
            writer.object {
                $0.member("id", 1)
                $0.member("username", "u")
                $0.member("name", text)
                $0.member("location", "\u{2028}\u{7f}")
            }
        }
        // Made in SQL, because binding a text ends it at a NUL.
        try await store.write(
            "INSERT INTO users VALUES (1, 'u', '<é' || char(\(code)) || '😀/>', char(0x2028, 0x7f))")
        #expect(try await store.answer(to: .user(id: 1)) == .found(expected))
    }

    @Test("a list longer than a slice comes whole and in the order of the ids, whatever the order of insertion")
    func slices() async throws {
        let count = Int(DataStore.sliceCount) * 2 + 3
        try await fill(count)
        let expected = JSONWriter.bytes { writer in
            writer.array { array in
                for id in 1...count {
                    array.object {
                        $0.member("id", id)
                        $0.member("userId", 1)
                        $0.member("text", "t\(id)")
                    }
                }
            }
        }
        #expect(try await store.answer(to: .list(.posts(limit: nil))) == .found(expected))
        #expect(try await store.answer(to: .list(.postsOfUser(id: 1))) == .found(expected))
    }

    @Test(
        "every list walks an index and sorts nothing",
        arguments: [
            RecordList.users, .posts(limit: 1), .postsOfUser(id: 1), .comments, .commentsOfPost(id: 1, user: nil),
            .commentsOfPost(id: 1, user: 2),
        ])
    func plans(list: RecordList) async throws {
        let plan = try await store.read { database in
            try Row.fetchAll(
                database, sql: "EXPLAIN QUERY PLAN " + list.sql, arguments: StatementArguments([0, 1]) + list.filter
            ).map { row -> String in row["detail"] }
        }
        #expect(!plan.contains { $0.contains("TEMP B-TREE") })
        #expect(plan.contains { $0.hasPrefix("SEARCH") })
    }

    private func fill(_ count: Int) async throws {
        let other = try DatabaseQueue(path: folder.store)
        try await other.write { database in
            try database.execute(sql: "INSERT INTO users VALUES (1, 'u', 'U', 'L')")
            for id in (0..<count).map({ $0 + 1 }).reversed() {
                try database.execute(sql: "INSERT INTO posts VALUES (?, 1, ?)", arguments: [id, "t\(id)"])
            }
        }
    }
}
