import Shared
import Testing

/// A gateway before a service of several instances, each of which says its name, and is as well as the test wants it.
struct InstanceFixture {
    let fixture: GatewayFixture

    /// - Parameter service: what `services/many.yaml` says beside `instances`.
    init(_ service: String) throws {
        fixture = try GatewayFixture()
        try fixture.folder.makeFolder("run/many")
        try fixture.write("services/many.yaml", "instances: unix:many/*.sock\n\(service)\n")
        try fixture.write("routes/many/[...path].yaml", "service: many\nauth: optional\n")
    }

    func start() throws -> RunningGateway { try fixture.start() }

    func instance(_ name: String) throws -> PlayedInstance {
        try PlayedInstance(name, "\(fixture.runFolder)/many/\(name).sock")
    }
}

/// One instance: answers with its name, and to `/healthz` as it is told.
final class PlayedInstance: Sendable {
    struct State: Sendable {
        var isWell = true
        var checks = 0
        var requests = 0
        /// Before each answer.
        var delay: Duration = .zero
    }
    let name: String
    let state = Monitor(State())
    private let service: ScriptedService

    init(_ name: String, _ path: String) throws {
        self.name = name
        let state = state
        service = try ScriptedService(path) { request in
            guard request.target == "/healthz" else {
                let delay = state.change { state in
                    state.requests += 1
                    return state.delay
                }
                if delay > .zero { _ = Monitor(0).wait(delay) { _ in Int?.none } }
                return Answer.ok(name)
            }
            let isWell = state.change { state in
                state.checks += 1
                return state.isWell
            }
            return isWell ? Answer.ok("fine") : Answer.whole("500 Internal Server Error", "")
        }
    }

    func stop() { service.stop() }

    /// Waits until so many more checks have come.
    func checks(_ number: Int) {
        let goal = state.value.checks + number
        #expect(state.wait { $0.checks >= goal ? true : nil } == true, "no checks came")
    }
}

extension RunningGateway {
    /// Who answers so many requests.
    func answers(_ number: Int, fields: [String] = []) throws -> [String: Int] {
        let client = try Client(port: port)
        return try (0..<number).reduce(into: [:]) { counts, _ in
            let message = try client.request("GET", "/many/x", fields: fields)
            #expect(message.status == 200)
            counts[message.text, default: 0] += 1
        }
    }
}
