import Testing

@testable import Shared

@Suite("secret file")
struct SecretFileTests {
    private let folder: ScratchFolder

    init() throws { folder = try ScratchFolder() }

    private func failure(_ file: SecretFile, limit: Int = SecretFile.limit) -> String? {
        let error = #expect(throws: SecretFile.Failure.self) { try file.read(limit: limit) }
        return error?.description
    }

    @Test(
        "one line break at the end goes, no more",
        arguments: [
            ("secret", "secret"), ("secret\n", "secret"), ("secret\r\n", "secret"), ("secret\n\n", "secret\n"),
            (" secret \n", " secret "), ("secret\r", "secret\r"),
        ])
    func lineBreak(content: String, secret: String) throws {
        let path = try folder.write(content, to: "key", mode: 0o600)
        #expect(try SecretFile(path: path, systemd: nil).read() == Array(secret.utf8))
    }

    @Test("a mode that lets others in is refused", arguments: [0o640 as UInt32, 0o604, 0o644, 0o660])
    func openMode(mode: UInt32) throws {
        let path = try folder.write("hunter2", to: "key", mode: mode)
        #expect(
            failure(SecretFile(path: path, systemd: nil))
                == "\(path): others may read or change this secret (mode 0\(String(mode, radix: 8))). Run chmod 600 \(path)."
        )
    }

    @Test("modes that keep others out are taken", arguments: [0o600 as UInt32, 0o400, 0o700])
    func closedMode(mode: UInt32) throws {
        let path = try folder.write("hunter2", to: "key", mode: mode)
        #expect(try SecretFile(path: path, systemd: nil).read() == Array("hunter2".utf8))
    }

    @Test("below systemd's folder of credentials the mode is systemd's matter, beside it not")
    func systemdCredentials() throws {
        let credentials = try folder.makeFolder("credentials")
        try folder.write("hunter2", to: "credentials/key", mode: 0o440)
        #expect(
            try SecretFile(credential: "key", in: credentials, systemd: credentials).read() == Array("hunter2".utf8))
        #expect(try SecretFile(path: "\(credentials)/key", systemd: credentials + "/").read() == Array("hunter2".utf8))
        // A folder that --credentials names, for which nobody vouches.
        #expect(throws: SecretFile.Failure.self) {
            try SecretFile(credential: "key", in: credentials, systemd: nil).read()
        }
        let beside = try folder.write("hunter2", to: "credentials-old", mode: 0o440)
        #expect(failure(SecretFile(path: beside, systemd: credentials)) != nil)
        #expect(failure(SecretFile(path: "\(credentials)/../credentials-old", systemd: credentials)) != nil)
    }

    @Test("an empty secret is refused", arguments: ["", "\n"])
    func empty(content: String) throws {
        let path = try folder.write(content, to: "key", mode: 0o600)
        #expect(
            failure(SecretFile(path: path, systemd: nil))
                == "\(path): this secret is empty. Write the secret into the file.")
    }

    @Test("a secret that is too large is refused, and nothing of it is said")
    func tooLarge() throws {
        let path = try folder.write("hunter2hunter2", to: "key", mode: 0o600)
        #expect(
            failure(SecretFile(path: path, systemd: nil), limit: 8)
                == "\(path): this secret is larger than 8. Check that it is the right file.")
    }

    @Test("a missing file and a folder say what they are")
    func missing() throws {
        #expect(
            failure(SecretFile(path: folder["key"], systemd: nil))
                == "\(folder["key"]): this secret does not exist. Create it with mode 0600.")
        #expect(
            failure(SecretFile(path: folder.path, systemd: nil))
                == "\(folder.path): this is a folder, not a file. Name a file.")
        #expect(
            failure(try SecretFile(credential: "key", in: folder.path, systemd: nil))
                == "\(folder["key"]): there is no such credential. "
                + "Add it to the unit (LoadCredential=) or to the folder of credentials.")
    }

    @Test("a credential's name leads nowhere else", arguments: ["", ".", "..", "../key", "a/b", "a b", "a:b", "é"])
    func names(name: String) {
        let error = #expect(throws: SecretFile.Failure.self) {
            try SecretFile(credential: name, in: "/run", systemd: nil)
        }
        #expect(
            error?.description
                == "credential: \"\(name)\" is no name of a credential. Use letters, digits, - _ and periods.")
    }

    @Test("without a folder of credentials the error says how to get one")
    func noFolder() {
        let error = #expect(throws: SecretFile.Failure.self) {
            try SecretFile(credential: "key", in: nil, systemd: nil)
        }
        #expect(
            error?.description == "credential key: there is no folder of credentials. "
                + "Set LoadCredential= in the unit, or name the folder with --credentials.")
    }
}
