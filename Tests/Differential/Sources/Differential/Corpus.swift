package import Foundation

/// The hand-made requests beside the sources.
package enum Corpus: String {
    /// Must be accepted, and read as llhttp reads them.
    case accepted
    /// Must be refused, whatever llhttp says.
    case refused

    package struct Entry: Sendable, CustomStringConvertible {
        package let name: String
        package let bytes: [UInt8]
        package var description: String { name }
    }

    package func entries() throws -> [Entry] {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../Corpus/\(rawValue)", directoryHint: .isDirectory)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .filter { $0.pathExtension == "http" }
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { file in
                let text = try String(contentsOf: file, encoding: .utf8)
                return Entry(name: file.lastPathComponent, bytes: try EscapedBytes.bytes(text))
            }
    }
}

/// The inputs of the fuzz target `head`, bytes as they are: requests and responses, good and bad.
package enum FuzzCorpus {
    /// - Parameter folder: nil for the inputs in the tree.
    package static func entries(folder: URL? = nil) throws -> [Corpus.Entry] {
        let folder =
            folder
            ?? URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Fuzz/Corpus/head", directoryHint: .isDirectory)
        return try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
            .sorted { $0.lastPathComponent < $1.lastPathComponent }
            .map { Corpus.Entry(name: $0.lastPathComponent, bytes: Array(try Data(contentsOf: $0))) }
    }
}
