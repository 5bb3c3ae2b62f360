import Glibc
import Shared

/// Where a command gets a new password from: the terminal, asked twice and without an echo, or one line of standard
/// input. Never the command line, which every user of the machine can read.
enum PasswordSource {
    /// Bytes of the longest line that is read; a password that is too long is for the hasher to refuse.
    private static let limit = 1024

    static func read(_ options: PasswordOptions, _ username: String) throws(CommandFailure) -> String {
        if options.readsStandardInput || isatty(STDIN_FILENO) != 1 { return try line(of: STDIN_FILENO) }
        let terminal = try Terminal()
        let name = LogText.quoted(username, limit: 256)
        let password = try terminal.ask("New password for \(name): ")
        guard try terminal.ask("Once more: ") == password else {
            throw CommandFailure("the two passwords differ", mend: "Try again", status: .dataError)
        }
        return password
    }

    /// The first line that `descriptor` gives, without its line break.
    static func line(of descriptor: Int32) throws(CommandFailure) -> String {
        var line: [UInt8] = []
        defer { OpenSSL.cleanse(&line) }
        while let byte = nextByte(descriptor), byte != UInt8(ascii: "\n") {
            guard line.count < limit else {
                throw CommandFailure("the line with the password is longer than \(limit) bytes", status: .dataError)
            }
            line.append(byte)
        }
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return try text(line)
    }

    static func text(_ bytes: [UInt8]) throws(CommandFailure) -> String {
        guard !bytes.isEmpty else {
            throw CommandFailure("no password was given", mend: "Write it as one line", status: .dataError)
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw CommandFailure(
                "the password is not UTF-8, as it will be when somebody logs in", mend: "Use a UTF-8 locale",
                status: .dataError)
        }
        return text
    }

    /// One byte at a time: what follows the line is for somebody else.
    static func nextByte(_ descriptor: Int32) -> UInt8? {
        var byte: UInt8 = 0
        while true {
            let count = unsafe Glibc.read(descriptor, &byte, 1)
            if count < 0, errno == EINTR { continue }
            return count == 1 ? byte : nil
        }
    }
}
