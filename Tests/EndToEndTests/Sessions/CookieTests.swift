import Shared
import Testing

@Suite("Sessions in a cookie jar")
struct CookieTests {
    private let sessions: SessionSystem

    init() throws {
        sessions = try SessionSystem(
            auth: "sessions: {cookie: on}", gateway: "token_cookies: [__Host-session, __Secure-session-refresh]")
    }

    /// What curl(1) with a jar of cookies gets: the status, a space and the body.
    private func curl(_ path: String, _ arguments: String...) throws -> String { try curl(path, with: arguments) }

    private func curl(_ path: String, with arguments: [String]) throws -> String {
        let jar = "\(sessions.folder.path)/jar"
        let program = try RunningProgram(
            "/usr/bin/curl",
            [
                "-sS", "--max-time", "20", "-b", jar, "-c", jar, "-w", "\n%{http_code}",
                "http://localhost:\(sessions.system.port)\(path)",
            ]
                + arguments)
        #expect(try program.end() == .exited(0), "\(program.text)")
        return (program.lines.last ?? "") + " " + program.lines.dropLast().joined(separator: "\n")
    }

    private static let credentials = #"{"username":"bob","password":"password"}"#

    @Test("login, a route that wants a token, refresh and logout, all by cookies")
    func jar() throws {
        #expect(try curl("/api/auth", "-d", Self.credentials) == #"200 {"expiresIn":900}"#)
        #expect(try curl("/api/users").hasPrefix("200 [{"))
        #expect(try curl("/api/auth/session").hasPrefix(#"200 {"user":{"id":1,"#))
        #expect(try curl("/api/auth/refresh", "-X", "POST") == #"200 {"expiresIn":900}"#)
        #expect(try curl("/api/users").hasPrefix("200 [{"))
        #expect(try curl("/api/auth/logout", "-X", "POST") == #"200 {"ended":1}"#)
        #expect(try curl("/api/users").hasPrefix("401 "))
        #expect(try curl("/api/auth/refresh", "-X", "POST").hasPrefix("401 "))
    }

    @Test(
        "a browser's page of another origin changes nothing, and logs nobody in",
        arguments: [
            ["Sec-Fetch-Site: cross-site"], ["Sec-Fetch-Site: same-site"], ["Origin: https://evil.example"],
            ["Origin: null"],
        ])
    func crossOrigin(fields: [String]) throws {
        let foreign = fields.flatMap { ["-H", $0] }
        #expect(
            try curl("/api/auth", with: ["-H", "Content-Type: text/plain", "-d", Self.credentials] + foreign).hasPrefix(
                "403 "))
        #expect(try curl("/api/auth", "-d", Self.credentials).hasPrefix("200 "))
        for path in ["refresh", "logout"] {
            #expect(
                try curl("/api/auth/\(path)", with: ["-X", "POST"] + foreign)
                    == #"403 {"error":"Cross-origin request refused"}"#)
        }
        #expect(try curl("/api/users").hasPrefix("200 [{"))
        #expect(try curl("/api/auth/refresh", "-X", "POST", "-H", "Sec-Fetch-Site: same-origin").hasPrefix("200 "))
    }
}
