import Shared

/// `GET /revocations`: an event stream that says whose verdicts must be asked for again.
struct RevocationsEndpoint: Sendable {
    static let pattern = "/revocations"

    let revocations: LiveRevocations

    var endpoint: ServiceEndpoint {
        ServiceEndpoint(.get, Self.pattern, .immediate { _ in answer() })
    }

    func answer() -> ServiceResponse {
        let stream = revocations.listen()
        var response = ServiceResponse(
            status: 200, fields: [("Content-Type", "text/event-stream"), ("Cache-Control", "no-store")],
            body: RevocationStream.beginning)
        response.rest = ServiceBody { await stream.next() }
        return response
    }
}
