import FoundationEssentials
import Glibc
import Testing

/// A folder that is gone when the test is over.
final class TemporaryFolder {
    let path: String

    init() throws {
        var template = Array("/tmp/postern-test-XXXXXX".utf8CString)
        try #require(unsafe mkdtemp(&template) != nil)
        path = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String, mode: Int = 0o600) throws {
        let manager = FileManager.default
        let file = "\(path)/\(name)"
        if let slash = name.lastIndex(of: "/") {
            try manager.createDirectory(atPath: "\(path)/\(name[..<slash])", withIntermediateDirectories: true)
        }
        try #require(manager.createFile(atPath: file, contents: Data(text.utf8)))
        try manager.setAttributes([.posixPermissions: mode], ofItemAtPath: file)
    }

    /// The permission bits of a file in the folder.
    func mode(of name: String) throws -> UInt32 {
        var status = stat()
        try #require(unsafe stat("\(path)/\(name)", &status) == 0)
        return UInt32(status.st_mode) & 0o7777
    }
}
