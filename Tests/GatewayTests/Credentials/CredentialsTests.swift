import Glibc
import Testing

@testable import Gateway
@testable import Shared

@Suite("Credentials in the configuration")
struct CredentialsTests {
    private let configuration: TestConfiguration

    init() throws {
        configuration = try TestConfiguration()
        try configuration.folder.write(
            "service: data\nheaders: {set: {X-Api-Key: '{credential:key}'}}\n", to: "routes/index.yaml")
    }

    private var folder: TemporaryFolder { configuration.folder }

    private func problems(folder given: String? = "credentials", systemd: String? = nil) -> [String] {
        do throws(ConfigurationError) {
            _ = try GatewayConfiguration.load(
                directory: folder.path, runDirectory: "/run",
                credentials: Credentials(folder: given.map { folder[$0] }, systemd: systemd))
            return []
        } catch {
            return error.problems.map { $0.description.replacing(folder.path + "/", with: "") }
        }
    }

    @Test("a credential is a file of the folder, without the line break at its end")
    func good() throws {
        try folder.writeSecret("hunter2\n", to: "credentials/key")
        #expect(problems() == [])
        let credential = try Credentials(folder: folder["credentials"], systemd: nil).credential("key")
        #expect(credential.bytes == Array("hunter2".utf8))
    }

    @Test("nothing prints what is in a credential")
    func description() throws {
        let credential = Credential(name: "key", bytes: Array("hunter2".utf8))
        var dumped = ""
        dump(credential, to: &dumped)
        for text in ["\(credential)", String(reflecting: credential), "\([credential])", dumped] {
            #expect(!text.contains("hunter2"))
            #expect(!text.contains("104"), "the bytes as numbers: \(text)")
        }
        #expect("\(credential)" == "{credential:key}")
    }

    @Test("one that is missing is an error with file, line and the mend")
    func missing() {
        #expect(
            problems() == [
                "routes/index.yaml:2:28: `headers.set.X-Api-Key`: {credential:key} (credentials/key): there is no such "
                    + "credential. Add it to the unit (LoadCredential=) or to the folder of credentials."
            ])
    }

    @Test("without a folder of credentials the mend names the two ways to give one")
    func noFolder() {
        #expect(
            problems(folder: nil) == [
                "routes/index.yaml:2:28: `headers.set.X-Api-Key`: {credential:key}: there is no folder of credentials. "
                    + "Set LoadCredential= in the unit, or name the folder with --credentials."
            ])
    }

    @Test("one that others may read is an error, but for systemd's own folder")
    func mode() throws {
        try folder.writeSecret("hunter2", to: "credentials/key", mode: 0o640)
        #expect(problems().count == 1)
        #expect(problems().first?.contains("others may read or change this secret (mode 0640)") == true)
        #expect(problems().first?.contains("hunter2") == false)
        #expect(problems(systemd: folder["credentials"]) == [])
    }

    @Test(
        "bytes that cannot stand in a field are an error that does not show them",
        arguments: ["hun\nter2", "hun\rter2", "hun\0ter2", "hunter2\n\n", "hun\u{7F}ter2"])
    func bytes(secret: String) throws {
        try folder.writeSecret(secret, to: "credentials/key")
        let found = problems()
        #expect(found.count == 1)
        #expect(found.first?.contains("the secret holds a byte that cannot stand there") == true)
        #expect(found.first?.contains("hun") == false)
    }

    @Test("a blank at the end of a field's value is an error: who reads the field would drop it")
    func blank() throws {
        try folder.writeSecret("hunter2 ", to: "credentials/key")
        #expect(problems().first?.contains("begins or ends with a blank") == true)
    }

    @Test("a name that leads out of the folder is none", arguments: ["../key", "a/b", "", "..", "a:b"])
    func name(name: String) throws {
        try folder.write(
            "service: data\nheaders: {set: {X-Api-Key: '{credential:\(name)}'}}\n", to: "routes/index.yaml")
        #expect(problems().first?.contains("is no name of a credential") == true)
        #expect(configuration.problems().first?.contains("is no name of a credential") == true)
    }

    @Test("each loading reads them anew")
    func again() throws {
        try folder.writeSecret("one", to: "credentials/key")
        let first = Credentials(folder: folder["credentials"], systemd: nil)
        #expect(try first.credential("key").bytes == Array("one".utf8))
        try folder.writeSecret("two", to: "credentials/key")
        #expect(try first.credential("key").bytes == Array("one".utf8))
        #expect(
            try Credentials(folder: folder["credentials"], systemd: nil).credential("key").bytes == Array("two".utf8))
    }

    @Test("memory is protected before the first of them is read, and not where none is named")
    func protection() throws {
        try folder.writeSecret("one", to: "credentials/key")
        var calls = 0
        let credentials = Credentials(folder: folder["credentials"], systemd: nil, willRead: { calls += 1 })
        #expect(calls == 0)
        _ = try credentials.credential("key")
        #expect(calls == 1)
    }

    @Test("who does not read credentials needs none, and gets no bytes")
    func unread() throws {
        let credentials = Credentials.unread()
        #expect(try credentials.credential("key").bytes == nil)
        #expect(credentials.names == ["key"])
        #expect(configuration.problems() == [])
    }
}
