import Shared
import Testing

@testable import Postern

@Suite("The screen of `postern status`")
struct StatusPageTests {
    private static var state: SystemState {
        var state = SystemState()
        state.version = "1.2.3"
        state.routes = 12
        state.connections = 41
        state.services = [
            ServiceReport(
                name: "data", unit: "postern-data@.service", scale: .init(maximum: 8),
                instances: [
                    .init(address: "unix:/r/1.sock", state: .up, inFlight: 2, requests: 100, errors: 1),
                    .init(address: "unix:/r/2.sock", state: .down),
                ], requests: 100, errors: 1, inFlight: 2, rate: 12_500, p50: 870, p95: 1200, p99: 2_500_000),
            ServiceReport(
                name: "auth", unit: "postern-auth@.service", instances: [.init(address: "unix:/a", state: .up)]),
        ]
        state.processes = [
            .init(
                unit: "postern-gateway.service", state: "running", processID: 7, uptime: 7300, memory: 20 << 20,
                watchdog: 3, status: "12 routes"),
            .init(unit: "postern-data@1.service", state: "asleep"),
        ]
        return state
    }

    @Test("processes, services, instances and load are there, a line each")
    func page() {
        let lines = StatusPage(Self.state, colour: false).lines
        #expect(lines[0] == "postern 1.2.3  12 routes, 3 instances, 41 connections")
        #expect(
            lines.contains(
                "postern-gateway.service  running    7  2 h 1 min  20.0 MiB   3 s ago  12 routes"))
        #expect(lines.contains { $0.hasPrefix("postern-data@1.service   asleep     -") })
        #expect(
            lines.contains { $0.hasPrefix("data     1 up, 1 down (1 to 8)     12          2        0  870 µs  1.2 ms") }
        )
        #expect(lines.contains { $0.hasPrefix("unix:/r/2.sock  down") })
        // The one instance of a service that is well needs no line of its own.
        #expect(!lines.contains { $0.hasPrefix("unix:/a") })
        #expect(!lines.joined().contains("\u{1B}"))
    }

    @Test(
        "what is wrong comes first: no gateway, problems, refused sockets, failed units, services that nobody answers for"
    )
    func troubles() {
        var state = Self.state
        state.problems = 2
        state.processes?.append(.init(unit: "postern-data@3.service", state: "failed"))
        state.services?[0].refused = ["/r/9.sock"]
        state.services?[1].instances = []
        let lines = StatusPage(state, colour: true).lines
        let heading = lines.prefix { !$0.isEmpty }.joined(separator: "\n")
        for words in [
            "2 problems", "postern-data@3.service has failed", "/r/9.sock is refused", "auth has no instance",
        ] {
            #expect(heading.contains(words), "\(words)")
        }
        #expect(heading.contains("\u{1B}[31m"))
        var absent = SystemState()
        absent.absence = "no gateway listens on /run/x"
        #expect(StatusPage(absent, colour: false).lines == ["gateway: no gateway listens on /run/x"])
    }

    @Test("a line is cut to the width of the terminal, colours uncounted")
    func cut() {
        #expect(Screen.cut("\u{1B}[1mabcdef\u{1B}[0m", to: 3) == "\u{1B}[1mabc\u{1B}[0m")
        #expect(Screen.cut("abc", to: 80) == "abc")
    }

    @Test("as JSON it is one object that says the same")
    func json() throws {
        let json = try StrictJSON.parseObject(Self.state.json)
        #expect(json["processes"]?.array?.count == 2)
        #expect(ServiceReport.read(json) == Self.state.services)
    }
}
