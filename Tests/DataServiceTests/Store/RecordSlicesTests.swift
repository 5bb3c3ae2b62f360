import GRDB
import Testing

@testable import DataService

@Suite("Record slices")
struct RecordSlicesTests {
    private let folder: TemporaryFolder
    private let store: DataStore

    init() throws {
        folder = try TemporaryFolder()
        store = try DataStore(path: folder.store, seed: .none)
    }

    @Test("slices are bounded, and together are one array", arguments: [0, 1, 255, 256, 257, 512, 513])
    func sliceSizes(count: Int) async throws {
        try await fill(count)
        var slices = RecordSlices(of: .posts(limit: nil), in: store)
        var text = ""
        while let piece = try await slices.next() {
            let part = String(decoding: piece, as: UTF8.self)
            #expect(part.split(separator: "{").count <= Int(DataStore.sliceCount) + 1)
            text += part
        }
        let rows = (0..<count).map { #"{"id":\#($0 + 1),"userId":1,"text":"t\#($0 + 1)"}"# }
        #expect(text == "[" + rows.joined(separator: ",") + "]")
    }

    @Test("a limit across slices is exact", arguments: [0, 1, 256, 257, 300, 513])
    func limits(limit: Int) async throws {
        try await fill(600)
        guard case .found(let json) = try await store.answer(to: .list(.posts(limit: Int64(limit)))) else {
            Issue.record("no list")
            return
        }
        let text = String(decoding: json, as: UTF8.self)
        #expect(text.split(separator: "{").count - 1 == limit)
        #expect(text.hasPrefix("[") && text.hasSuffix("]"))
    }

    @Test("rows that are added behind the last slice still come, none comes twice")
    func growing() async throws {
        try await fill(300)
        var slices = RecordSlices(of: .posts(limit: nil), in: store)
        var text = String(decoding: try await slices.next() ?? [], as: UTF8.self)
        try await store.write("INSERT INTO posts VALUES (1000, 1, 'late'); DELETE FROM posts WHERE id < 200")
        while let piece = try await slices.next() { text += String(decoding: piece, as: UTF8.self) }
        #expect(text.split(separator: "{").count - 1 == 301)
        #expect(text.hasSuffix(#"{"id":1000,"userId":1,"text":"late"}]"#))
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
