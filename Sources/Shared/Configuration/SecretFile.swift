import Glibc

/// A file that holds a secret: a key, a password. Its content is in no error and in no description.
package struct SecretFile: Sendable, CustomStringConvertible {
    package let path: String
    private let isCredential: Bool
    /// Below `$CREDENTIALS_DIRECTORY` systemd decides who may read a file, and its mode may show group bits that stand
    /// for an access list (systemd.exec(5)); elsewhere the mode has to keep others out.
    private let isKeptBySystemd: Bool

    /// The most that a secret may have, in bytes; a file of RSA keys fits.
    package static let limit = 64 << 10

    /// Why a secret cannot be read.
    package struct Failure: Error, Equatable, CustomStringConvertible {
        package let path: String
        /// What is wrong, without a period at its end.
        package let message: String
        package let mend: String

        package init(path: String, message: String, mend: String) {
            self.path = path
            self.message = message
            self.mend = mend
        }

        package var description: String { "\(path): \(message). \(mend)" }
    }

    /// The file at `path`. `systemd` is the folder of systemd's credentials, if there is one.
    package init(path: String, systemd: String? = credentialsDirectory) {
        self.path = path
        isCredential = false
        isKeptBySystemd = systemd.map { Self.isBelow($0, path) } ?? false
    }

    /// The credential `name` in `folder`: systemd's, or the one that `--credentials` names.
    package init(
        credential name: String, in folder: String? = credentialsDirectory, systemd: String? = credentialsDirectory
    ) throws(Failure) {
        // The characters that systemd takes for a credential's name; a slash would lead out of the folder.
        guard !name.isEmpty, name.utf8.count <= 255, name != ".", name != "..", !name.utf8.contains(0x2F),
            name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: ":") })
        else {
            throw Failure(
                path: "credential", message: "\(LogText.quoted(name, limit: 80)) is no name of a credential",
                mend: "Use letters, digits, - _ and periods.")
        }
        guard let folder else {
            throw Failure(
                path: "credential \(name)", message: "there is no folder of credentials",
                mend: "Set LoadCredential= in the unit, or name the folder with --credentials.")
        }
        path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
        isCredential = true
        isKeptBySystemd = systemd.map { [path] in Self.isBelow($0, path) } ?? false
    }

    /// `$CREDENTIALS_DIRECTORY`, nil where systemd gave none.
    package static var credentialsDirectory: String? {
        guard let value = unsafe getenv("CREDENTIALS_DIRECTORY") else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    package var description: String { path }

    /// The secret, without one line break at its end (which editors and echo(1) add).
    package func read(limit: Int = SecretFile.limit) throws(Failure) -> [UInt8] {
        let (bytes, exposure) = try readPerhapsPublic(limit: limit)
        if let exposure { throw exposure }
        return bytes
    }

    /// As `read`, for a file of which only its content shows whether it is a secret: `exposure` is what is wrong then;
    /// nil where its mode keeps others out.
    package func readPerhapsPublic(
        limit: Int = SecretFile.limit
    ) throws(Failure) -> (bytes: [UInt8], exposure: Failure?) {
        let file: BoundedFile
        do {
            file = try BoundedFile(path, limit: limit)
        } catch {
            throw failure(for: error, limit: limit)
        }
        var exposure: Failure?
        if !isKeptBySystemd, file.mode & 0o077 != 0 {
            exposure = Failure(
                path: path, message: "others may read or change this secret (mode \(Self.octal(file.mode)))",
                mend: "Run chmod 600 \(path).")
        }
        var bytes = file.bytes
        if bytes.last == UInt8(ascii: "\n") {
            bytes.removeLast()
            if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        }
        if bytes.isEmpty, exposure == nil {
            throw Failure(path: path, message: "this secret is empty", mend: "Write the secret into the file.")
        }
        return (bytes, exposure)
    }

    private func failure(for error: BoundedFile.Failure, limit: Int) -> Failure {
        switch error {
        case .missing:
            Failure(
                path: path, message: isCredential ? "there is no such credential" : "this secret does not exist",
                mend: isCredential
                    ? "Add it to the unit (LoadCredential=) or to the folder of credentials."
                    : "Create it with mode 0600.")
        case .folder:
            Failure(path: path, message: "this is a folder, not a file", mend: "Name a file.")
        case .notRegular:
            Failure(path: path, message: "this is no regular file", mend: "Name a regular file.")
        case .tooLarge:
            Failure(
                path: path, message: "this secret is larger than \(ByteSizeText.format(limit))",
                mend: "Check that it is the right file.")
        case .system(let error):
            Failure(
                path: path, message: "this secret cannot be read by user \(geteuid()) (\(error.reason))",
                mend: "Give that user the right to read it.")
        }
    }

    private static func isBelow(_ folder: String, _ path: String) -> Bool {
        let folderParts = folder.split(separator: "/")
        let pathParts = path.split(separator: "/")
        return path.hasPrefix("/") && !pathParts.contains("..") && pathParts.count > folderParts.count
            && pathParts.starts(with: folderParts)
    }

    private static func octal(_ mode: UInt32) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }
}
