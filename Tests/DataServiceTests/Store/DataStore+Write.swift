import GRDB

@testable import DataService

extension DataStore {
    /// Changes the store as another process would: by a connection of its own.
    func write(_ sql: String) async throws {
        let other = try DatabaseQueue(path: path)
        try await other.write { try $0.execute(sql: sql) }
        try other.close()
    }
}
