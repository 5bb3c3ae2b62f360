import Testing

@testable import Gateway
@testable import Shared

@Suite("Files in services/")
struct ServiceConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    @Test("a service has the name of its file, and one instance or a list")
    func names() throws {
        try configuration.folder.write("instances: [unix:a.sock, unix:b.sock]\n", to: "services/other.yaml")
        let services = try configuration.load().services
        #expect(services.map(\.name) == ["data", "other"])
        #expect(services.map(\.instances.count) == [1, 2])
        #expect(services[1].file == configuration.folder["services/other.yaml"])
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            ("", "services/data.yaml: `instances` is missing. Add it, for example: `instances: unix:/run/data.sock`."),
            (
                "instances:\n",
                "services/data.yaml:1:1: `instances` has no value. "
                    + "Give it one (an address), or take the line out."
            ),
            (
                "instances: []\n",
                "services/data.yaml:1:12: `instances` has too few items (0). Write 1 at least, or take the key out."
            ),
            (
                "instances: unix:a.sock\nurl: http://x\n",
                "services/data.yaml:2:6: a service has `instances` or a `url`, not both. "
                    + "Take one of them out: `instances` are yours, a `url` is somebody else's."
            ),
            (
                "url: http://x\nforwarding: all\n",
                "services/data.yaml:2:13: `forwarding` must be one of: x-forwarded, forwarded, none, not \"all\"."
            ),
            (
                "url: http://x\ntimeouts: {connect: 0s}\n",
                "services/data.yaml:2:21: `timeouts.connect` must be a duration from 1ms to 5m, not \"0s\". "
                    + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
            ),
            ("- a\n", "services/data.yaml:1:1: the file must be a mapping, not a list. Write `key: value` lines."),
        ])
    func problems(text: String, problem: String) throws {
        #expect(try configuration.problems("services/data.yaml", text) == [problem])
    }

    @Test("a service with a URL is told of itself, and nothing of the client; one with instances is as ever")
    func defaults() throws {
        try configuration.folder.write("url: http://192.0.2.1:8080/v1/\n", to: "services/far.yaml")
        let services = try configuration.load().services
        let near = services[0].rule()
        #expect(near.forwarding == .xForwarded && near.tellsIdentity && !near.isForeign)
        #expect(near.basePath.isEmpty && near.hostField.isEmpty)
        let far = services[1].rule()
        #expect(far.forwarding == .none && !far.tellsIdentity && far.isForeign)
        #expect(String(decoding: far.basePath, as: UTF8.self) == "/v1")
        #expect(String(decoding: far.hostField, as: UTF8.self) == "Host: 192.0.2.1:8080\r\n")
        #expect(far.instances == [.tcp(address: "192.0.2.1", port: 8080)])
    }

    @Test("timeouts have defaults; a route's own goes before the service's for the first byte")
    func timeouts() throws {
        try configuration.folder.write(
            "url: http://192.0.2.1\ntimeouts: {connect: 1s, first_byte: 2s, total: 1m}\n", to: "services/far.yaml")
        try configuration.folder.write("service: far\n", to: "routes/far.yaml")
        try configuration.folder.write("service: far\ntimeout: 5s\n", to: "routes/other.yaml")
        let loaded = try configuration.load()
        #expect(loaded.services[0].timeouts == TimeoutsConfiguration())
        let far = loaded.services[1].timeouts
        #expect(far.connect == second && far.firstByte == 2 * second && far.total == 60 * second)
        let timeouts = loaded.routes.routes.reduce(into: [:]) { $0[$1.pattern.description] = $1.value.timeout }
        #expect(timeouts == ["/": 30 * second, "/far": 2 * second, "/other": 5 * second])
    }
}
