import Testing

@testable import Gateway

@Suite("Rates of routes")
struct RateTests {
    @Test("what is beyond the rate is 429 with when to come again, and reaches no service; later it passes")
    func refused() throws {
        let gateway = try TestGateway(["x": "respond: {body: yes}\nrate: 2/m per client", "y": "respond: {body: yes}"])
        let client = try gateway.client()
        for _ in 1...2 { #expect(try gateway.answer(get("/x"), from: client).status == 200) }
        let answer = try gateway.answer(get("/x"), from: client)
        #expect(answer.status == 429)
        #expect(answer.body == #"{"error":"Too many requests"}"#)
        #expect(answer["Retry-After"] == "30")
        #expect(answer["RateLimit-Policy"] == "\"client\";q=2;w=60")
        #expect(answer["RateLimit"] == "\"client\";r=0;t=30")
        // The connection goes on, and another route has its own count.
        #expect(try gateway.answer(get("/y"), from: client).status == 200)
        #expect(gateway.worker.counters.rateRefusals == 1)
        // Another connection of the same client is the same client.
        #expect(try gateway.answer(get("/x")).status == 429)
        gateway.advance(by: 30 * second)
        #expect(try gateway.answer(get("/x")).status == 200)
        #expect(try gateway.answer(get("/x")).status == 429)
    }

    @Test("a reload leaves what is used up as it was")
    func reload() throws {
        let gateway = try TestGateway(["x": "respond: {body: yes}\nrate: 1/h"])
        #expect(try gateway.answer(get("/x")).status == 200)
        try gateway.folder.write("respond: {body: other}\nrate: 1/h\n", to: "routes/x.yaml")
        try gateway.reload()
        #expect(try gateway.answer(get("/x")).status == 429)
    }

    @Test("a user's rate is judged after the token, and is the same over all of the user's tokens and connections")
    func users() throws {
        let gateway = try TestGateway(["x": "respond: {body: yes}\nauth: optional\nrate: 1/h per user"])
        let verify = try gateway.service("verify")
        func ask(_ token: String, user: String) throws -> Int {
            let client = try gateway.client()
            client.send(get("/x", "Authorization: Bearer \(token)"))
            gateway.settle()
            if let connection = verify.take() ?? kept {
                _ = connection.receiveText()
                connection.send("HTTP/1.1 200 OK\r\nPostern-User: \(user)\r\nContent-Length: 0\r\n\r\n")
                kept = connection
            }
            gateway.settle()
            return try Answer(client.receiveText()).status
        }
        var kept: Peer?
        #expect(try ask("a", user: "1") == 200)
        #expect(try ask("b", user: "1") == 429)
        #expect(try ask("c", user: "2") == 200)
        // Without a token it is the client who is counted, once for all.
        #expect(try gateway.answer(get("/x")).status == 200)
        #expect(try gateway.answer(get("/x")).status == 429)
    }

    @Test("what a client is refused for itself, or for its token, uses up nothing of what all share")
    func order() throws {
        let gateway = try TestGateway([
            "x": "respond: {body: yes}\nrate: [3/h in all, 1/h per client]",
            "y": "respond: {body: yes}\nauth: required\nrate: 1/h in all",
        ])
        #expect(try gateway.answer(get("/x")).status == 200)
        for _ in 1...5 { #expect(try gateway.answer(get("/x"))["RateLimit-Policy"] == "\"client\";q=1;w=3600") }
        for _ in 1...5 { #expect(try gateway.answer(get("/y")).status == 401) }
        #expect(gateway.worker.counters.rateRefusals == 5)
    }

    @Test(
        "every answer tells what is left of each rate, and when it is more; a refusal tells of the one that is used up")
    func fields() throws {
        let gateway = try TestGateway([
            "x": "respond: {body: yes}\nrate: [3/m per client, 100/h in all]", "y": "respond: {body: yes}",
        ])
        func told() throws -> (status: Int, fields: [String]) {
            let answer = try gateway.answer(get("/x"))
            return (
                answer.status,
                answer.fields.filter { $0.name.hasPrefix("RateLimit") }.map { "\($0.name): \($0.value)" }
            )
        }
        let policy = ["RateLimit-Policy: \"client\";q=3;w=60", "RateLimit-Policy: \"all\";q=100;w=3600"]
        let first = try told()
        #expect(first.status == 200)
        #expect(
            first.fields == [
                policy[0], "RateLimit: \"client\";r=2;t=20", policy[1], "RateLimit: \"all\";r=99;t=36",
            ])
        gateway.advance(by: 5 * second)
        #expect(
            try told().fields == [
                policy[0], "RateLimit: \"client\";r=1;t=15", policy[1], "RateLimit: \"all\";r=98;t=31",
            ])
        _ = try told()
        let refused = try told()
        #expect(refused.status == 429)
        #expect(refused.fields == [policy[0], "RateLimit: \"client\";r=0;t=15"])
        #expect(try gateway.answer(get("/y"))["RateLimit"] == nil)
    }

    @Test("an answer of a service tells of it too")
    func serviceFields() throws {
        let gateway = try TestGateway(["x": "service: data\nrate: 10/s"])
        let service = try gateway.service()
        let (_, answer) = try gateway.exchange(get("/x"), ok("x"), at: service)
        #expect(answer["RateLimit"] == "\"client\";r=9;t=1")
    }
}
