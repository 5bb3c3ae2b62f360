import Testing

@testable import Gateway
@testable import Shared

@Suite("Where instances are")
struct InstanceSourceTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ value: String) -> (source: InstanceSource?, problem: String?) {
        let problems = ConfigurationProblems()
        let reader = ConfigurationReader(text: "at: \(value)\n", file: "f", problems: problems)
        let source = reader.optional("at", ValueForm<InstanceSource>.instances(relativeTo: "/run"))
        return (source, problems.found.first.map(\.description))
    }

    @Test(
        "the forms of an address",
        arguments: [
            ("unix:/a/b.sock", InstanceSource.fixed(.unix(path: "/a/b.sock")), "unix:/a/b.sock"),
            ("unix:b.sock", .fixed(.unix(path: "/run/b.sock")), "unix:/run/b.sock"),
            ("http://127.0.0.1:80", .fixed(.tcp(address: "127.0.0.1", port: 80)), "http://127.0.0.1:80"),
            ("http://127.0.0.1:80/", .fixed(.tcp(address: "127.0.0.1", port: 80)), "http://127.0.0.1:80"),
            ("'http://[::1]:80'", .fixed(.tcp(address: "::1", port: 80)), "http://[::1]:80"),
            ("http://127.0.0.1", .fixed(.tcp(address: "127.0.0.1", port: 80)), "http://127.0.0.1:80"),
            (
                "unix:data/*.sock", .folder("/run/data", prefix: "", suffix: ".sock"),
                "unix:/run/data/*.sock (every socket there)"
            ),
            ("unix:/a/x-*", .folder("/a", prefix: "x-", suffix: ""), "unix:/a/x-* (every socket there)"),
        ])
    func forms(text: String, source: InstanceSource, description: String) {
        #expect(read(text).source == source)
        #expect(read(text).problem == nil)
        #expect("\(source)" == description)
    }

    @Test(
        "what is no address is said so",
        arguments: [
            (
                "ftp://api.example",
                "'ftp://api.example' is no address of an instance. "
                    + "Write unix:/run/name.sock, unix:/run/name/*.sock or http://127.0.0.1:8080."
            ),
            (
                "http://127.0.0.1:0",
                "\"0\" in \"http://127.0.0.1:0\" is no port. "
                    + "A port is a number from 1 to 65535; without one it is 443 for https and 80 for http."
            ),
            (
                "http://127.0.0.1:80/v1",
                "\"http://127.0.0.1:80/v1\" has a path. "
                    + "End it with the port; a route's `path` says what an instance is asked for."
            ),
            (
                "unix:a/*/b.sock",
                "a pattern has one `*`, in the last part of the path. "
                    + "Write for example unix:/run/postern/data/*.sock."
            ),
            (
                "unix:a/*-*.sock",
                "a pattern has one `*`, in the last part of the path. "
                    + "Write for example unix:/run/postern/data/*.sock."
            ),
            (
                "'unix:'",
                "\"\" is no absolute path of a socket. "
                    + "Begin it with /, for example /run/postern/name.sock."
            ),
        ])
    func bad(text: String, problem: String) {
        let read = read(text)
        #expect(read.source == nil)
        #expect(read.problem == "f:1:5: `at`: \(problem)")
    }

    @Test("a value that is none says so")
    func none() {
        #expect(read("").problem?.hasPrefix("f:1:1: `at` has no value") == true)
        #expect(read("{a: b}").problem?.hasPrefix("f:1:5: `at` must be an address, not a mapping") == true)
    }

    @Test("a pattern takes the sockets whose names fit, in the order of their names, and nothing else")
    func resolve() throws {
        let sockets = try ["b.sock", "a.sock", ".hidden.sock", "a.socket", ".sock"].map {
            try PlayedService(folder[$0])
        }
        try folder.write("", to: "file.sock")
        try folder.makeFolder("folder.sock")
        let all = InstanceSource.folder(folder.path, prefix: "", suffix: ".sock").resolve()
        #expect(all == [.unix(path: folder["a.sock"]), .unix(path: folder["b.sock"])])
        let a = InstanceSource.folder(folder.path, prefix: "a", suffix: "").resolve()
        #expect(a == [.unix(path: folder["a.sock"]), .unix(path: folder["a.socket"])])
        let hidden = InstanceSource.folder(folder.path, prefix: ".h", suffix: "").resolve()
        #expect(hidden == [.unix(path: folder[".hidden.sock"])])
        // Prefix and suffix must not be the same letters.
        #expect(InstanceSource.folder(folder.path, prefix: "a.so", suffix: ".sock").resolve() == [])
        withExtendedLifetime(sockets) {}
    }

    @Test("a folder that is not there has no instances yet")
    func missingFolder() {
        #expect(InstanceSource.folder("/no/such/folder", prefix: "", suffix: ".sock").resolve() == [])
    }

    @Test("a name that is too long for a socket's path is passed over")
    func tooLong() throws {
        let name = String(repeating: "x", count: 120)
        try folder.makeFolder(name)
        #expect(InstanceSource.folder(folder[name], prefix: "", suffix: "").resolve() == [])
    }
}
