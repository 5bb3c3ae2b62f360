import Testing

@testable import Gateway
@testable import Shared

@Suite("Services are told how long they are waited for")
struct DeadlineTests {
    private func deadlines(_ service: String, _ route: String, _ fields: String...) throws -> [String] {
        let gateway = try TestGateway(["x": "service: data\n\(route)"], services: ["data": service])
        let played = try gateway.service()
        let (seen, _) = try gateway.exchange(request("GET", "/x", fields), ok("x"), at: played)
        return seen.values("Postern-Deadline")
    }

    @Test("the milliseconds of the route's timeout, or of the whole exchange where that is shorter")
    func told() throws {
        let service = "instances: unix:data.sock"
        #expect(try deadlines(service, "") == ["30000"])
        #expect(try deadlines(service, "timeout: 1500ms") == ["1500"])
        #expect(try deadlines("\(service)\ntimeouts: {total: 700ms}", "timeout: 1500ms") == ["700"])
        #expect(try deadlines("\(service)\ndeadline: false", "") == [])
    }

    @Test("the client's own word for it does not pass")
    func client() throws {
        #expect(try deadlines("instances: unix:data.sock", "", "Postern-Deadline: 99999999") == ["30000"])
    }

    @Test("with a url it is told where that is asked for")
    func url() throws {
        let configuration = try TestConfiguration()
        for (line, isTold) in [("", false), ("deadline: true\n", true)] {
            try configuration.folder.write("url: http://192.0.2.1\n\(line)", to: "services/data.yaml")
            #expect(try configuration.load().services[0].rule().tellsDeadline == isTold)
        }
    }
}
