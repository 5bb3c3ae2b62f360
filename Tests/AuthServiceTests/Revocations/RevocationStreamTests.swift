import Shared
import Testing

@testable import AuthService

@Suite("GET /revocations")
struct RevocationStreamTests {
    private let live = LiveRevocations()

    private func text(_ bytes: [UInt8]?) -> String? { bytes.map { String(decoding: $0, as: UTF8.self) } }

    @Test("the stream begins with word that older verdicts count no more, then says whose are revoked")
    func events() async throws {
        let response = RevocationsEndpoint(revocations: live).answer()
        #expect(response.field("Content-Type") == "text/event-stream")
        #expect(response.text == "event: begin\ndata: {}\n\n")
        let rest = try #require(response.rest)
        live.add(
            [
                Revocation(.user, "1", made: 0), Revocation(.id, "j", made: 0, user: "a\"b"),
                Revocation(.key, "k", made: 0),
            ], now: 0)
        let revoked = { (data: String) in "event: revoked\ndata: \(data)\n\n" }
        let expected = revoked(#"{"user":"1"}"#) + revoked(#"{"user":"a\"b"}"#) + revoked("{}")
        #expect(try await text(rest.next()) == expected)
        live.announceAll()
        #expect(try await text(rest.next()) == revoked("{}"))
        #expect(live.beat())
        #expect(try await text(rest.next()) == ":\n\n")
        live.endStreams()
        #expect(try await rest.next() == nil)
    }

    @Test("a revocation is in force before anybody hears of it")
    func order() async throws {
        let stream = live.listen()
        async let next = stream.next()
        live.add([Revocation(.key, "k", made: 0)], now: 0)
        _ = await next
        let token = VerifiedToken(claims: StrictJSONObject(), payload: "", expiry: nil, keyID: "k")
        #expect(live.refuses(token))
    }

    @Test("who does not read is told to forget everything, and uses no more memory")
    func slowReader() async {
        let stream = live.listen()
        for number in 0..<257 { live.add([Revocation(.user, "\(number)", made: 0)], now: 0) }
        #expect(await text(stream.next()) == "event: revoked\ndata: {}\n\n")
    }

    @Test("a stream that nobody holds is forgotten")
    func forgotten() {
        do { _ = live.listen() }
        #expect(!live.beat())
    }
}
