import Testing

extension ContractTests {
    @Suite("Bodies of 1 MiB at most")
    struct BodyLimitTests {
        private static let limit = 1 << 20
        private static let login = #"{"username":"bob","password":"password"}"#

        /// A good login of `count` bytes: JSON may be followed by white space.
        private static func login(padded count: Int) -> [UInt8] {
            Array(login.utf8) + [UInt8](repeating: 0x20, count: count - login.utf8.count)
        }

        private static func chunked(_ body: [UInt8], by size: Int) -> [UInt8] {
            var bytes = Array(
                "POST /api/auth HTTP/1.1\r\nHost: postern.test\r\nTransfer-Encoding: chunked\r\n\r\n".utf8)
            for start in stride(from: 0, to: body.count, by: size) {
                let chunk = body[start..<min(start + size, body.count)]
                bytes += Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [13, 10]
            }
            return bytes + Array("0\r\n\r\n".utf8)
        }

        @Test("1 MiB is taken, with Content-Length and in chunks")
        func atTheLimit() throws {
            let client = try Client(port: SharedSystem.system.port)
            let body = Self.login(padded: Self.limit)
            client.stream.send(Client.bytes("POST", "/api/auth", body: body))
            #expect(try client.stream.response().status == 200)
            client.stream.send(Self.chunked(body, by: 10_000))
            #expect(try client.stream.response().status == 200)
        }

        @Test("One byte more is 413 when Content-Length says so, before the body is sent")
        func toldBefore() throws {
            let client = try Client(port: SharedSystem.system.port)
            client.stream.send(
                "POST /api/auth HTTP/1.1\r\nHost: postern.test\r\nContent-Length: \(Self.limit + 1)\r\n\r\n")
            let message = try client.stream.response()
            message.expect(413, error: "Body exceeded 1mb limit")
            #expect(message["Connection"] == ["close"])
            client.stream.finishSending()
            #expect(client.stream.everything().isEmpty)
            #expect(client.stream.end == .closed)
        }

        @Test("One byte more is 413 when the body is sent at once")
        func sentAtOnce() throws {
            let client = try Client(port: SharedSystem.system.port)
            client.stream.send(Client.bytes("POST", "/api/auth", body: Self.login(padded: Self.limit + 1)))
            try client.stream.response().expect(413, error: "Body exceeded 1mb limit")
        }

        @Test("One byte more is 413 in chunks", arguments: [1 << 21, 65_536, 1000])
        func chunked(_ size: Int) throws {
            let client = try Client(port: SharedSystem.system.port)
            client.stream.send(Self.chunked(Self.login(padded: Self.limit + 1), by: size))
            try client.stream.response().expect(413, error: "Body exceeded 1mb limit")
        }

        @Test("A client that asks first is told to go on, or that the body is too long")
        func expectations() throws {
            let client = try Client(port: SharedSystem.system.port)
            let head = "POST /api/auth HTTP/1.1\r\nHost: postern.test\r\nExpect: 100-continue\r\nContent-Length: "
            client.stream.send("\(head)\(Self.login.utf8.count)\r\n\r\n")
            #expect(try client.stream.head().start == "HTTP/1.1 100 Continue")
            client.stream.send(Self.login)
            #expect(try client.stream.response().status == 200)
            client.stream.send("\(head)\(Self.limit + 1)\r\n\r\n")
            #expect(try client.stream.head().start == "HTTP/1.1 413 Content Too Large")
        }

        @Test("A body that is cut short gets no answer from the service, and harms nobody else")
        func cutShort() throws {
            let system = try SharedSystem.system
            let client = try Client(port: system.port)
            client.stream.send(
                "POST /api/auth HTTP/1.1\r\nHost: postern.test\r\nContent-Length: 100\r\n\r\n\(Self.login)")
            client.stream.finishSending()
            let answer = String(decoding: client.stream.everything(), as: UTF8.self)
            #expect(!answer.contains("token"))
            #expect(client.stream.end != .silent)
            #expect(try !system.token().isEmpty)
        }
    }
}
