import FoundationEssentials
import GRDB

/// Damage and strange states, made from outside.
enum FileTools {
    static func overwrite(_ path: String, from offset: Int, with byte: UInt8) throws {
        var bytes = try Data(contentsOf: URL(filePath: path))
        for index in offset..<bytes.count { bytes[index] = byte }
        try bytes.write(to: URL(filePath: path))
    }

    static func execute(_ sql: String, on path: String) throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
    }

    /// The one number that `sql` gives.
    static func number(_ sql: String, in path: String) throws -> Int {
        try DatabaseQueue(path: path).read { try Int.fetchOne($0, sql: sql) ?? -1 }
    }
}
