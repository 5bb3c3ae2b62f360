import CLinux
import Testing

@Suite("What routes ask of tokens, judged with the real auth service")
struct RequiredClaimsTests {
    @Test("Claims and scopes decide beyond the signature, and a public route is where RFC 8615 has it")
    func claims() throws {
        let system = try JudgedSystem(
            routes: [
                "admins": "service: main\nauth: required\nclaims: {role: admin}\nscopes: [posts.write]\n",
                ".well-known/jwks.json": "service: auth\nmethods: [GET]\n",
            ])
        func ask(_ claims: String) throws -> Message {
            let token = try JWT.sign(
                header: #"{"alg":"HS256","typ":"JWT"}"#,
                payload: #"{"userId":1,"exp":\#(postern_realtime_s() + 60)\#(claims)}"#)
            return try system.gateway.request("GET", "/admins", fields: ["Authorization: Bearer \(token)"])
        }
        #expect(try ask(#","role":["user","admin"],"scope":"posts.read posts.write""#).status == 200)
        for claims in [
            "", #","role":"admin""#, #","scope":"posts.write""#, #","role":"Admin","scope":"posts.write""#,
        ] {
            let answer = try ask(claims)
            answer.expect(403, error: "Forbidden")
            #expect(
                answer["WWW-Authenticate"] == ["Bearer error=\"insufficient_scope\", scope=\"posts.write\""])
        }
        let keys = try system.gateway.request("GET", "/.well-known/jwks.json")
        #expect(keys.status == 200)
        #expect(keys["Content-Type"] == ["application/jwk-set+json"])
    }
}
