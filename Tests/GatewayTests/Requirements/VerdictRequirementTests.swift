import Testing

@testable import Gateway
@testable import Shared

@Suite("A token that is good, and not good enough")
struct VerdictRequirementTests {
    private let gateway: TestGateway
    private let verify: PlayedService
    private let service: PlayedService

    init() throws {
        gateway = try TestGateway([
            "admins": "service: data\nauth: required\nclaims: {role: admin}\nscopes: [posts.write]",
            "all": "service: data\nauth: required",
        ])
        verify = try gateway.service("verify")
        service = try gateway.service()
    }

    private func ask(_ path: String, _ token: String, claims: String? = nil) throws -> Answer {
        let client = try gateway.client()
        client.send(get(path, "Authorization: Bearer \(token)", "Connection: close"))
        gateway.settle()
        if let claims {
            let auth = try verify.accept()
            let encoded = String(decoding: Base64URL.encode(Array(claims.utf8)), as: UTF8.self)
            auth.send(
                "HTTP/1.1 200 OK\r\nPostern-User: 7\r\nPostern-Claims: \(encoded)\r\nCache-Control: max-age=60\r\n"
                    + "Connection: close\r\nContent-Length: 0\r\n\r\n")
            gateway.settle()
        }
        if let connection = service.take() {
            _ = connection.receive()
            connection.send(ok("x", "Connection: close"))
            gateway.settle()
        }
        return try Answer(client.receiveText())
    }

    @Test("is 403 with what is missing, at once and from the cache; elsewhere the same token is good")
    func refused() throws {
        let first = try ask("/admins", "t", claims: #"{"role":"user","scope":"posts.write"}"#)
        for answer in try [first, ask("/admins", "t")] {
            #expect(answer.status == 403)
            #expect(answer.body == #"{"error":"Forbidden"}"#)
            #expect(
                answer["WWW-Authenticate"] == "Bearer error=\"insufficient_scope\", scope=\"posts.write\"")
        }
        #expect(try ask("/all", "t").status == 200)
        #expect(gateway.worker.authenticator.misses == 1)
    }

    @Test("passes with all that is asked for; what cannot be read has nothing of it")
    func accepted() throws {
        #expect(try ask("/admins", "a", claims: #"{"role":["x","admin"],"scope":"posts.write"}"#).status == 200)
        #expect(try ask("/admins", "a").status == 200)
        #expect(try ask("/admins", "b", claims: "nonsense").status == 403)
        #expect(try ask("/admins", "c", claims: #"{"role":"admin","role":"user","scope":"posts.write"}"#).status == 403)
    }
}
