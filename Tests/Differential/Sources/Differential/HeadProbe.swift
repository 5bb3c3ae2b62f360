package import Foundation

/// Postern's parser, in the program `HeadProbe` of the main package, asked over its standard streams.
/// The protocol is described in this package's README.md.
package final class HeadProbe {
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let process = Process()
    private let questions = Pipe()
    private let answers = Pipe()
    private var unread = Data()

    /// - Parameter executable: the built program; nil for what `POSTERN_HEAD_PROBE` names, else the debug build.
    package init(executable: URL? = nil) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../..", directoryHint: .isDirectory).standardizedFileURL
        let named = ProcessInfo.processInfo.environment["POSTERN_HEAD_PROBE"].map { URL(filePath: $0) }
        let program = executable ?? named ?? root.appending(path: ".build/debug/HeadProbe")
        guard FileManager.default.isExecutableFile(atPath: program.path) else {
            throw Failure(
                description: "\(program.path) is not there. Build it at the root: swift build --product HeadProbe")
        }
        process.executableURL = program
        process.standardInput = questions
        process.standardOutput = answers
        try process.run()
    }

    deinit {
        try? questions.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    /// What the parser makes of `bytes`, given to it in pieces of `pieceSize` bytes; 0 is all at once.
    package func read(_ bytes: [UInt8], pieceSize: Int) throws -> Reading {
        var frame = Data()
        for number in [pieceSize, bytes.count] {
            for shift in [24, 16, 8, 0] { frame.append(UInt8(truncatingIfNeeded: number >> shift)) }
        }
        frame.append(contentsOf: bytes)
        try questions.fileHandleForWriting.write(contentsOf: frame)
        return try Self.reading(JSONDecoder().decode(Answer.self, from: nextLine(about: bytes)))
    }

    private func nextLine(about bytes: [UInt8]) throws -> Data {
        while true {
            if let end = unread.firstIndex(of: UInt8(ascii: "\n")) {
                let line = unread[unread.startIndex..<end]
                unread = Data(unread[(end + 1)...])
                return Data(line)
            }
            let piece = answers.fileHandleForReading.availableData
            guard !piece.isEmpty else {
                throw Failure(description: "HeadProbe ended without an answer to:\n\(EscapedBytes.text(bytes))")
            }
            unread.append(piece)
        }
    }

    /// One line of HeadProbe. Strings are Latin-1: one code point a byte.
    private struct Answer: Decodable {
        struct Message: Decodable {
            let start: Int
            let method: String
            let target: String
            let version: String
            let fields: [[String]]
            let body: String
            let complete: Bool
        }

        let messages: [Message]
        let ending: String
        let status: Int?
        let reason: String?
    }

    private static func reading(_ answer: Answer) throws -> Reading {
        let messages = try answer.messages.map { message in
            Reading.Message(
                method: try latin1(message.method), target: try latin1(message.target), version: message.version,
                fields: try message.fields.map { field in
                    guard field.count == 2 else { throw Failure(description: "a field that is no pair: \(field)") }
                    return Reading.Field(name: try latin1(field[0]), value: try latin1(field[1]))
                },
                body: try latin1(message.body), isComplete: message.complete, start: message.start)
        }
        return Reading(messages: messages, ending: try ending(answer))
    }

    private static func ending(_ answer: Answer) throws -> Reading.Ending {
        switch answer.ending {
        case "complete": .complete
        case "incomplete": .incomplete
        case "closed": .closed
        case "refused": .refused("\(answer.status ?? 0) \(answer.reason ?? "")")
        default: throw Failure(description: "no such ending: \(answer.ending)")
        }
    }

    private static func latin1(_ text: String) throws -> [UInt8] {
        try text.unicodeScalars.map { scalar in
            guard let byte = UInt8(exactly: scalar.value) else {
                throw Failure(description: "HeadProbe wrote a character that is no byte: \(scalar)")
            }
            return byte
        }
    }
}
