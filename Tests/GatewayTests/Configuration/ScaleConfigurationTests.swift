import Testing

@testable import Gateway
@testable import Shared

@Suite("`scale`, `unit` and `owner` of a service")
struct ScaleConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    private func service(_ text: String) throws -> ServiceConfiguration {
        try configuration.folder.write(text, to: "services/data.yaml")
        return try #require(try configuration.load().services.first)
    }

    @Test("without them a service has the units of its name, is not scaled, and takes sockets of the usual users")
    func defaults() throws {
        let service = try service("instances: unix:data/*.sock\n")
        #expect(service.unit == "postern-data@.service")
        #expect(service.scale == nil)
        #expect(service.ownerRule == .standard)
    }

    @Test("every key is read, and those that are not there have their defaults")
    func keys() throws {
        let short = try service("instances: unix:data/*.sock\nscale: {max: 4}\n")
        #expect(short.scale == ServiceReport.Scale(minimum: 1, maximum: 4))
        let long = try service(
            """
            instances: unix:data/*.sock
            unit: other@.service
            owner: [0, 4321]
            scale: {min: 0, max: 8, target: 50%, capacity: 16, latency: 250ms, cool_down: 1m, idle: 5m}

            """)
        #expect(
            long.scale
                == ServiceReport.Scale(
                    minimum: 0, maximum: 8, target: 50, capacity: 16, latency: 250, coolDown: 60, idle: 300))
        #expect(long.unit == "other@.service")
        // Who they are is looked up where the gateway runs; until then it is root alone.
        #expect(long.ownerRule == .users([]))
        var loaded = try configuration.load()
        try loaded.lookUpUsers()
        #expect(loaded.services.first?.ownerRule == .users([0, 4321]))
    }

    @Test("a user who is not there is said with its place")
    func users() throws {
        try configuration.folder.write(
            "instances: unix:data/*.sock\nowner: [root, no-such-user]\n", to: "services/data.yaml")
        var loaded = try configuration.load()
        let error = #expect(throws: ConfigurationError.self) { try loaded.lookUpUsers() }
        #expect(error?.problems.map(\.message) == ["there is no user \"no-such-user\""])
        #expect(error?.problems.first?.line == 2)
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            (
                "instances: unix:d/*.sock\nscale: {min: 2}\n",
                "services/data.yaml:2:8: `scale.max` is missing. Add it, for example: `max: 8`."
            ),
            (
                "instances: unix:d/*.sock\nscale: {min: 9, max: 8}\n",
                "services/data.yaml:2:14: `scale.min` (9) is more than `scale.max` (8). Exchange them."
            ),
            (
                "instances: unix:d/*.sock\nscale: {max: 8, target: 0.7}\n",
                "services/data.yaml:2:25: `scale.target` must be a share from 1% to 100%, not \"0.7\". "
                    + "Write for example 70%."
            ),
            (
                "instances: unix:d.sock\nscale: {max: 8}\n",
                "services/data.yaml:2:8: `scale` is for services whose instances come and go in a folder. "
                    + "Write `instances: unix:data/*.sock`, or take `scale` out."
            ),
            (
                "instances: unix:d/*.sock\nunit: data.service\n",
                "services/data.yaml:2:7: `unit` must be the name of a template unit, not \"data.service\". "
                    + "Write for example postern-data@.service."
            ),
        ])
    func problems(text: String, problem: String) throws {
        #expect(try configuration.problems("services/data.yaml", text) == [problem])
    }
}
