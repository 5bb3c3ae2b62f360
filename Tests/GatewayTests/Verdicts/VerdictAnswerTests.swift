import Testing

@testable import Gateway
@testable import Shared

@Suite("The auth service's answer")
struct VerdictAnswerTests {
    private func read(_ status: Int, _ fields: String..., now: UInt64 = 0, time: Int64 = 0) throws -> Verdict? {
        let text = "HTTP/1.1 \(status) X\r\n" + fields.map { $0 + "\r\n" }.joined() + "\r\n"
        let bytes = Array(text.utf8)
        let head = ResponseHead()
        let span = unsafe bytes.span.bytes
        _ = try HeadParser.parse(span, limits: HeadLimits(), into: head)
        let token = PlacedToken(bytes: Array("Bearer t".utf8), place: .authorization)
        return VerdictAnswer.read(head, span, to: AskedToken(token: token, at: 3, epoch: 4), now: now, time: time)
    }

    private func text(_ verdict: Verdict?) -> String? { verdict.map { String(decoding: $0.fields, as: UTF8.self) } }

    @Test("200 is a bearer, told by the reserved fields and no others")
    func accepted() throws {
        let verdict = try read(
            200, "Postern-User:  7", "postern-claims: e30", "Set-Cookie: a=b", "WWW-Authenticate: x", "Server: y")
        #expect(verdict?.isAccepted == true)
        #expect(text(verdict) == "Postern-User: 7\r\npostern-claims: e30\r\n")
    }

    @Test("4xx is a refusal, with what the client needs to know and no more", arguments: [400, 401, 403, 429])
    func refused(status: Int) throws {
        let verdict = try read(
            status, "WWW-Authenticate: Bearer error=\"invalid_token\"", "Retry-After: 5", "Postern-User: 7", "X-In: y")
        #expect(verdict?.isAccepted == false)
        #expect(verdict?.status == status)
        #expect(text(verdict) == "WWW-Authenticate: Bearer error=\"invalid_token\"\r\nRetry-After: 5\r\n")
    }

    @Test("anything else is no verdict", arguments: [201, 204, 301, 302, 500, 502, 503])
    func none(status: Int) throws {
        #expect(try read(status, "Postern-User: 7", "Cache-Control: max-age=60") == nil)
    }

    @Test("a verdict is kept as long as it says, and never past the cap")
    func deadline() throws {
        #expect(try read(200, "Cache-Control: max-age=60", now: 5)?.deadline == 60 * second + 5)
        #expect(try read(401, "Cache-Control: max-age=5")?.deadline == 5 * second)
        #expect(try read(200, "Cache-Control: max-age=86400")?.deadline == 300 * second)
        #expect(try read(200, "Cache-Control: max-age=9223372036854775807")?.deadline == 300 * second)
        #expect(try read(200, now: 5)?.deadline == 5)
        #expect(try read(200, "Cache-Control: no-store", "Cache-Control: max-age=60", now: 5)?.deadline == 5)
    }

    @Test("the token's end is for the gateway alone, and bounds the verdict")
    func expiry() throws {
        let verdict = try read(
            200, "Postern-User: 7", "POSTERN-Expires: 1030", "Cache-Control: max-age=60", now: 5, time: 1_000_250)
        #expect(verdict?.expiry == 29_750 * millisecond + 5)
        #expect(verdict?.deadline == 29_750 * millisecond + 5)
        #expect(text(verdict) == "Postern-User: 7\r\n")
        #expect(try read(200, "Cache-Control: max-age=60")?.expiry == LoopTimer.never)
    }

    @Test("a token that has ended ends now; one that ends beyond all clocks does not; of two ends the first counts")
    func farExpiry() throws {
        #expect(try read(200, "Postern-Expires: 1", now: 5, time: 2000)?.expiry == 5)
        #expect(try read(200, "Postern-Expires: 9007199254740991", now: 5)?.expiry == LoopTimer.never)
        #expect(try read(200, "Postern-Expires: 9", "Postern-Expires: 3")?.expiry == 3 * second)
    }

    @Test("an end that cannot be read is no verdict", arguments: ["", "-1", "1.5", "soon", "99999999999999999999"])
    func badExpiry(_ text: String) throws {
        #expect(try read(200, "Postern-User: 7", "Postern-Expires: \(text)") == nil)
    }
}
