import Testing

@testable import Gateway
@testable import Shared

@Suite("The gateway's configuration as a whole")
struct GatewayConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    @Test("a good folder is read")
    func good() throws {
        let loaded = try configuration.load()
        #expect(loaded.services.map(\.name) == ["data"])
        #expect(loaded.routes.routes.map(\.pattern.description) == ["/"])
        #expect(configuration.problems() == [])
    }

    @Test("the demo's folder is good")
    func demo() throws {
        let here = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let loaded = try GatewayConfiguration.load(
            directory: "/\(here)/deploy/tutorial", runDirectory: "/run/postern", credentials: .unread())
        #expect(loaded.main.verify == .unix(path: "/run/postern/auth/verify.sock"))
        #expect(loaded.services.map(\.name) == ["auth", "data"])
    }

    @Test("all problems of all files are said at once, by file and line")
    func all() throws {
        try configuration.folder.write("listen: nowhere\nthread: 2\n", to: "postern.yaml")
        try configuration.folder.write("instances: /data.sock\n", to: "services/data.yaml")
        try configuration.folder.write("service: dta\nauth: required\n", to: "routes/index.yaml")
        try configuration.folder.write("service: data\n", to: "routes/[a]/x.yaml")
        try configuration.folder.write("servce: data\n", to: "routes/[b]/y.yaml")
        let expected = [
            "postern.yaml:1:9: `listen`: \"nowhere\" names no port. "
                + "Write unix:/path, 127.0.0.1:3000, [::1]:3000, localhost:3000 or *:3000.",
            "postern.yaml:2:1: `thread` is not a known key. Did you mean `threads`?",
            "routes/[b]/y.yaml: `service` is missing. Add it, for example: `service: data`.",
            "routes/[b]/y.yaml: `/[b]/y` (routes/[b]/y.yaml) and `/[a]/x` (routes/[a]/x.yaml) "
                + "have different names for one parameter. Use one name for it in both.",
            "routes/[b]/y.yaml:1:1: `servce` is not a known key. Did you mean `service`?",
            "routes/index.yaml:1:10: there is no service 'dta'. Add services/dta.yaml, or name one of: data.",
            "services/data.yaml:1:12: `instances`: '/data.sock' is no address of an instance. "
                + "Write unix:/run/name.sock, unix:/run/name/*.sock or http://127.0.0.1:8080.",
        ]
        #expect(configuration.problems() == expected)
    }

    @Test("files that are not there are named")
    func missing() throws {
        try configuration.folder.remove("postern.yaml")
        try configuration.folder.remove("services")
        try configuration.folder.remove("routes")
        let expected = [
            "postern.yaml: the file does not exist. Create it, or check the name.",
            "routes: the folder cannot be read. Create it, or give the user who runs this the right to read it.",
            "services: the folder cannot be read. Create it, or give the user who runs this the right to read it.",
        ]
        #expect(configuration.problems() == expected)
    }

    @Test("a snapshot has the instances that there are at that moment")
    func snapshot() throws {
        try configuration.folder.write(
            "instances: [unix:\(configuration.folder.path)/*.sock, http://127.0.0.1:81]\n", to: "services/data.yaml")
        let loaded = try configuration.load()
        #expect(loaded.snapshot().services[0].instances == [.tcp(address: "127.0.0.1", port: 81)])
        let service = try PlayedService(configuration.folder["1.sock"])
        #expect(loaded.snapshot().services[0].instances.first == .unix(path: service.path))
        #expect(loaded.snapshot().verify == .unix(path: "/run/postern/auth/verify.sock"))
    }
}
