import Glibc

/// The text of a configuration file, or why it cannot be had.
package enum ConfigurationFile {
    /// The most that one file may have, in bytes.
    static let limit = 1 << 20

    /// Reads the file at `path` as UTF-8, without a byte order mark.
    package static func text(of path: String) throws(ConfigurationProblem) -> String {
        let file: BoundedFile
        do {
            file = try BoundedFile(path, limit: limit)
        } catch {
            throw problem(for: error, at: ConfigurationPlace(file: path))
        }
        return try text(of: file.bytes, file: path)
    }

    static func text(of bytes: [UInt8], file: String) throws(ConfigurationProblem) -> String {
        let start = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        if let text = String(validating: bytes[start...], as: UTF8.self) { return text }
        throw ConfigurationPlace(file: file, line: lineOfInvalidByte(bytes))
            .problem("the file is not UTF-8 text", mend: "Save it as UTF-8.")
    }

    /// The first line that is not UTF-8. A line break is one byte that is part of no other character.
    private static func lineOfInvalidByte(_ bytes: [UInt8]) -> Int? {
        for (index, line) in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where String(validating: line, as: UTF8.self) == nil {
            return index + 1
        }
        return nil
    }

    private static func problem(for error: BoundedFile.Failure, at place: ConfigurationPlace) -> ConfigurationProblem {
        switch error {
        case .missing:
            place.problem("the file does not exist", mend: "Create it, or check the name.")
        case .folder:
            place.problem("this is a folder, not a file", mend: "Name a file.")
        case .notRegular:
            place.problem("this is no regular file", mend: "Name a regular file.")
        case .tooLarge:
            place.problem("the file is larger than \(ByteSizeText.format(limit))", mend: "Split it, or check the name.")
        case .system(let error):
            place.problem(
                "the file cannot be read by user \(geteuid()) (\(error.reason))",
                mend: "Give that user the right to read it.")
        }
    }
}
