import Testing

@testable import Shared

@Suite("Requests whose time is over")
struct RequestDeadlineTests {
    private func service() throws -> ServiceUnderTest {
        try ServiceUnderTest([ServiceEndpoint(.post, "/work", .immediate { _ in ServiceResponse(status: 204) })])
    }

    @Test("work that nobody waits for any more is not begun")
    func late() throws {
        let service = try service()
        let head = post("/work", "Content-Length: 2", "postern-deadline: 100")
        #expect(service.ask(head + "a") == "")
        service.loop.advance(by: 101 * millisecond)
        #expect(service.ask("b").status == 503)
        #expect(service.application.overdue == 1)
    }

    @Test(
        "within its time it is answered, and so is one whose field says nothing",
        arguments: ["200", "", "-1", "1e3", "12345678901", "1 1"])
    func inTime(_ value: String) throws {
        let service = try service()
        #expect(service.ask(post("/work", "Content-Length: 2", "Postern-Deadline: \(value)") + "a") == "")
        service.loop.advance(by: 101 * millisecond)
        #expect(service.ask("b").status == 204)
        #expect(service.application.overdue == 0)
    }

    @Test("no time at all is over at once, also where a task would answer")
    func none() async throws {
        let service = try ServiceUnderTest([
            ServiceEndpoint(.get, "/work", .concurrent { _ in ServiceResponse(status: 204) })
        ])
        service.client.send(ask("/work", "Postern-Deadline: 0"))
        #expect(try await service.hear().status == 503)
    }

    @Test("the handler learns until when its answer is of use")
    func told() throws {
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/work",
                .immediate { request in ServiceResponse(status: request.deadline == .max ? 200 : 202) })
        ])
        #expect(service.ask(ask("/work")).status == 200)
        #expect(service.ask(ask("/work", "Postern-Deadline: 1000")).status == 202)
    }
}
