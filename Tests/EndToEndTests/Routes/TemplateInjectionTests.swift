import Testing

/// What a client can put into a parameter, byte by byte, and where it arrives: a real service records it.
@Suite("Templates against injection", .serialized)
struct TemplateInjectionTests {
    private let service: ScriptedService
    private let gateway: RunningGateway

    init() throws {
        let fixture = try GatewayFixture()
        try fixture.write(
            "routes/t/[value].yaml",
            """
            service: main
            path: /p/{value}/part-{value}.end
            query: {q: "{value}", fixed: one}
            headers: {set: {X-Value: "v={value}", X-Fixed: two}}
            """)
        service = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("ok") }
        gateway = try fixture.start()
    }

    /// Sends a target as it stands; what the service got, nil where it was not asked.
    private func send(_ target: String) throws -> (status: Int, seen: Message?) {
        let before = service.record.value.requests.count
        let status = try gateway.request("GET", target).status
        let requests = service.record.value.requests
        #expect(service.record.value.errors.isEmpty)
        return (status, requests.count > before ? requests[before] : nil)
    }

    /// Expects that `value` stands where parameters stand, and nothing else has changed.
    private func expect(_ seen: Message?, _ value: [UInt8], _ what: String) {
        guard let seen else {
            Issue.record("the service was not asked: \(what)")
            return
        }
        let segment = encode(value, plain: "-._~!$&'()*+,=:@")
        let strict = encode(value, plain: "-._~")
        #expect(
            seen.start == "GET /p/\(segment)/part-\(segment).end?q=\(strict)&fixed=one HTTP/1.1", "\(what)")
        #expect(seen["X-Value"] == ["v=\(strict)"], "\(what)")
        #expect(seen["X-Fixed"] == ["two"], "\(what)")
        #expect(
            seen.fields.map { $0.name.lowercased() }.sorted() == [
                "host", "postern-deadline", "x-fixed", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto",
                "x-request-id",
                "x-value",
            ], "\(what)")
    }

    private func encode(_ value: [UInt8], plain: String) -> String {
        let allowed = Set(plain.utf8)
        return value.map { byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 128 && (scalar.properties.isAlphabetic || (48...57).contains(byte))
            if isPlain || allowed.contains(byte) { return String(scalar) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }

    @Test("every byte, escaped, is refused or stays inside of its parameter: in a path, a query and a field")
    func everyByte() throws {
        defer { service.stop() }
        for byte in UInt8.min...UInt8.max {
            let digits = String(byte, radix: 16)
            let (status, seen) = try send("/t/a%\(digits.count == 1 ? "0" : "")\(digits)b")
            // A control character, a backslash, and what is no UTF-8 by itself.
            if byte < 0x20 || byte == 0x7F || byte == 0x5C || byte >= 0x80 {
                #expect(status == 400, "\(byte)")
                #expect(seen == nil, "\(byte)")
            } else {
                #expect(status == 200, "\(byte)")
                expect(seen, Array("a".utf8) + [byte] + Array("b".utf8), "\(byte)")
            }
        }
    }

    @Test("every visible character, plain, stays inside of its parameter, is the end of the path, or is refused")
    func plain() throws {
        defer { service.stop() }
        for byte in UInt8(0x21)...0x7E {
            let character = String(Unicode.Scalar(byte))
            let (status, seen) = try send("/t/a\(character)b")
            switch character {
            case "/": #expect(status == 404)
            case "?":
                #expect(
                    seen?.start == "GET /p/a/part-a.end?b&q=a&fixed=one HTTP/1.1", "the query is the client's own")
            default:
                if status == 200 {
                    expect(seen, Array("a\(character)b".utf8), character)
                } else {
                    #expect(status == 400, "\(character)")
                    #expect(seen == nil, "\(character)")
                }
            }
        }
    }

    @Test(
        "dot segments, line breaks and separators do not leave their place",
        arguments: [
            ("%2e%2e", nil), ("..", nil), (".%2e", nil), ("a%2f..", nil), ("a%2F%2e%2e%2Fb", nil),
            ("a%0d%0aX:%20y", nil),
            ("a%0aX:y", nil), ("a%00", nil), ("a%5c..%5cb", nil), ("a;b=c", nil), ("%c0%af", nil), ("%zz", nil),
            ("te%2Fst", "te/st"), ("%3Fx=1&y=2", "?x=1&y=2"), ("a%23b", "a#b"), ("u:p@host", "u:p@host"),
            ("a%26fixed=evil", "a&fixed=evil"), ("a+b", "a+b"), ("a%3Bb", "a;b"), ("%C3%A5", "å"),
            ("%252e%252e", "%2e%2e"),
            ("%25%30%64%25%30%61", "%0d%0a"), ("a,%20b", "a, b"), ("%22q%22", "\"q\""),
        ] as [(String, String?)])
    func known(given: String, value: String?) throws {
        defer { service.stop() }
        let (status, seen) = try send("/t/\(given)")
        if let value {
            #expect(status == 200)
            expect(seen, Array(value.utf8), given)
        } else {
            #expect(status == 400)
            #expect(seen == nil)
        }
    }
}
