import Testing

@testable import Gateway
@testable import Shared

@Suite("What hashing goes by")
struct BalanceKeyTests {
    private let names = ["a", "b", "c", "d", "e", "f"]

    private func gateway(_ key: String, auth: Bool = false) throws -> (TestGateway, [PlayedService]) {
        let list = names.map { "unix:\($0).sock" }.joined(separator: ", ")
        let gateway = try TestGateway(
            ["index": "service: data" + (auth ? "\nauth: optional" : "")],
            services: ["data": "instances: [\(list)]\nbalance: {hash: \(key)}"])
        return (gateway, try names.map { try gateway.service($0) })
    }

    /// The place of the instance that a request goes to.
    private func place(
        _ request: String, _ gateway: TestGateway, _ services: [PlayedService], from client: Peer? = nil
    ) throws -> Int {
        let client = try client ?? gateway.client()
        client.send(request)
        gateway.settle()
        for (place, service) in services.enumerated() {
            if let connection = service.take() {
                _ = connection.receiveText()
                connection.send(ok("", "Connection: close"))
                gateway.settle()
                #expect(try Answer(client.receiveText()).status == 200)
                return place
            }
        }
        Issue.record("nobody was asked")
        return -1
    }

    /// Where each of some values leads, over two requests.
    private func places(_ gateway: TestGateway, _ services: [PlayedService], _ field: (Int) -> String) throws -> [Int] {
        let first = try (0..<20).map { try place(get("/", field($0)), gateway, services) }
        let second = try (0..<20).map { try place(get("/", field($0)), gateway, services) }
        #expect(first == second)
        return first
    }

    @Test("the value of a field, whatever the case of its name")
    func header() throws {
        let (gateway, services) = try gateway("{header: X-Tenant}")
        let places = try places(gateway, services) { "x-tenant: tenant-\($0)" }
        #expect(Set(places).count > 3)
        #expect(try place(get("/", "X-TENANT:   tenant-3 "), gateway, services) == places[3])
    }

    @Test("the value of one cookie among others, and no cookie of a longer name")
    func cookie() throws {
        let (gateway, services) = try gateway("{cookie: sid}")
        let places = try places(gateway, services) { "Cookie: a=1; sid=session-\($0); b=2" }
        #expect(Set(places).count > 3)
        let other = places.firstIndex { $0 != places[0] } ?? 0
        let tricky = "Cookie: xsid=session-0; sid2=session-0;sid=session-\(other)"
        #expect(try place(get("/", tricky), gateway, services) == places[other])
    }

    @Test("without the cookie, the field or the user it is the client")
    func fallback() throws {
        for key in ["client", "user", "{cookie: sid}", "{header: X-Tenant}"] {
            let (gateway, services) = try gateway(key)
            let places = try (0..<5).map { _ in try place(get("/"), gateway, services) }
            #expect(Set(places).count == 1)
            #expect(try place(get("/", "Cookie: sid=", "X-Tenant:"), gateway, services) == places[0])
        }
    }

    @Test("the user of a good token, whatever the token")
    func user() throws {
        let (gateway, services) = try gateway("user", auth: true)
        let verify = try gateway.service("verify")
        var judge: Peer?
        func ask(_ token: String, _ user: String) throws -> Int {
            let client = try gateway.client()
            client.send(get("/", "Authorization: Bearer \(token)"))
            gateway.settle()
            judge = verify.take() ?? judge
            _ = judge?.receiveText()
            judge?.send("HTTP/1.1 200 OK\r\nPostern-User: \(user)\r\nContent-Length: 0\r\n\r\n")
            gateway.settle()
            return try place("", gateway, services, from: client)
        }
        let places = try (0..<12).map { try ask("one-\($0)", "user-\($0)") }
        #expect(try (0..<12).map { try ask("two-\($0)", "user-\($0)") } == places)
        #expect(Set(places).count > 2)
    }
}
