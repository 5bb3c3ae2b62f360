import FoundationEssentials
import Glibc
import Testing

/// A folder that is gone when the test is over.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        var template = Array("/tmp/postern-test-XXXXXX".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    subscript(name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and the folders above it.
    func write(_ text: String, to name: String) throws {
        if let slash = name.lastIndex(of: "/") { try makeFolder(String(name[..<slash])) }
        try #require(FileManager.default.createFile(atPath: self[name], contents: Data(text.utf8)))
    }

    /// Writes a file that others may not read.
    func writeSecret(_ text: String, to name: String, mode: mode_t = 0o600) throws {
        try write(text, to: name)
        try #require(unsafe chmod(self[name], mode) == 0)
    }

    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: self[name], withIntermediateDirectories: true)
    }

    func remove(_ name: String) throws {
        try FileManager.default.removeItem(atPath: self[name])
    }
}
