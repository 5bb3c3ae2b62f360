import Shared
import Testing

/// A gateway on two loops, the real postern-auth, and a service that tells which loop asks: each started by itself, so
/// that one of them can be killed.
final class JudgedSystem {
    let fixture: GatewayFixture
    let gateway: RunningGateway
    private(set) var auth: RunningProgram
    let service: ScriptedService
    /// What the service's event streams say next.
    let news = Monitor(0)

    /// - Parameters:
    ///   - main: further lines of postern.yaml.
    ///   - auth: further lines of auth.yaml.
    ///   - routes: further routes.
    init(_ main: String = "", auth lines: String = "", routes: [String: String] = [:]) throws {
        fixture = try GatewayFixture()
        try fixture.folder.makeFolder("state")
        try fixture.write("postern.yaml", "listen: 127.0.0.1:0\nverify: unix:verify.sock\nthreads: 2\n\(main)")
        try fixture.write(
            "auth.yaml",
            """
            listen: {login: unix:login.sock, verify: unix:verify.sock}
            store: sqlite:auth.db
            seed: tutorial
            policy: {short_hmac_keys: accept}
            \(lines)
            """)
        try fixture.write("services/auth.yaml", "instances: unix:login.sock\n")
        try fixture.write("routes/api/auth.yaml", "service: auth\nmethods: [POST]\n")
        for (name, text) in routes { try fixture.write("routes/\(name).yaml", text) }
        let news = news
        service = try ScriptedService(fixture.mainSocket) { service, stream, _ in
            while let request = service.read(stream), Self.answer(request, stream, news) {}
        }
        auth = try Self.startAuth(fixture)
        gateway = try fixture.start()
    }

    deinit { service.stop() }

    private static func answer(_ request: Message, _ stream: SocketStream, _ news: Monitor<Int>) -> Bool {
        if request.target.hasSuffix("/events") {
            stream.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n")
            for number in 0... where stream.send("3\r\n:\n\n\r\n") {
                guard news.wait(for: { $0 > number ? true : nil }) == true else { break }
            }
            return false
        }
        if request["Upgrade"] == ["websocket"] {
            stream.send("HTTP/1.1 101 X\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")
            while stream.fill() { stream.send(stream.take(stream.input.count)) }
            return false
        }
        // A loop's requests have the same number before the hyphen.
        let loop = request["X-Request-Id"].first?.split(separator: "-").first ?? ""
        let cookies = request["Cookie"].joined(separator: "|")
        return stream.send(Answer.ok("\(loop) \(request["Postern-User"].first ?? "nobody") \(cookies)"))
    }

    static func startAuth(_ fixture: GatewayFixture) throws -> RunningProgram {
        let notify = try NotifySocket(in: fixture.folder)
        let program = try RunningProgram(
            program: "postern-auth",
            [
                "--config", fixture.configuration, "--run", fixture.runFolder, "--state",
                "\(fixture.folder.path)/state",
            ], environment: Project.environment.merging(notify.environment) { $1 })
        try notify.message("READY=1", from: program)
        return program
    }

    func restartAuth() throws { auth = try Self.startAuth(fixture) }

    func token(_ username: String) throws -> String {
        let answer = try gateway.request(
            "POST", "/api/auth", body: #"{"username":"\#(username)","password":"password"}"#)
        return String(try #require(answer.text.firstMatch(of: /"token":"([^"]+)"/)).1)
    }

    func revoke(_ arguments: String...) throws {
        let run = try RunningProgram.run(
            program: "postern",
            ["token", "revoke"] + arguments
                + ["--config", fixture.configuration, "--state", "\(fixture.folder.path)/state"],
            environment: Project.environment)
        try #require(run.status == 0, "\(run.lines)")
    }

    /// A connection to each loop.
    func connections(_ token: String) throws -> [SocketStream] {
        var found: [(loop: Substring, client: SocketStream)] = []
        for _ in 0..<1000 where found.count < 2 {
            let client = try gateway.connect()
            let answer = try client.ask("GET", "/members/x", fields: ["Authorization: Bearer \(token)"])
            try #require(answer.status == 200)
            let loop = answer.text.prefix { $0 != " " }
            if !found.contains(where: { $0.loop == loop }) { found.append((loop, client)) }
        }
        try #require(found.count == 2)
        return found.map(\.client)
    }
}

extension SocketStream {
    func ask(_ method: String, _ target: String, fields: [String]) throws -> Message {
        send(Client.bytes(method, target, fields: fields))
        return try response(to: method)
    }
}
