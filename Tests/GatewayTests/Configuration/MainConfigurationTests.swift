import Testing

@testable import Gateway
@testable import Shared

@Suite("postern.yaml")
struct MainConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    private func main(_ text: String) throws -> MainConfiguration {
        try configuration.folder.write(text, to: "postern.yaml")
        return try configuration.load().main
    }

    @Test("every key is taken")
    func keys() throws {
        let main = try main(
            "listen: [127.0.0.1:80, '[::1]:80', unix:gate.sock]\nverify: unix:v.sock\nthreads: 3\ndrain: 5s\n"
                + "verdict_grace: 250ms\ntoken_cookies: [a, b*]\n"
                + "limits: {idle: 1m}\n")
        #expect(main.listen.map(\.description) == ["127.0.0.1:80", "[::1]:80", "unix:/run/postern/gate.sock"])
        #expect(main.verify == .unix(path: "/run/postern/v.sock"))
        #expect(main.threads == 3)
        #expect(main.verdictGrace == .milliseconds(250))
        #expect(main.tokenCookies?.texts == ["a", "b*"])
        #expect(main.drain == .seconds(5))
        #expect(main.limits.idleDeadline == 60 * second)
    }

    @Test("all but listen has a default")
    func defaults() throws {
        let main = try main("listen: '*:80'\n")
        #expect(main.listen.map(\.description) == ["*:80"])
        #expect(main.verify == nil)
        #expect(main.threads >= 1)
        #expect(main.verdictGrace == .seconds(5))
        #expect(main.tokenCookies == nil)
        #expect(main.drain == .seconds(30))
        #expect(main.limits == ServerLimits())
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            ("", "postern.yaml: `listen` is missing. Add it, for example: `listen: 127.0.0.1:3000`."),
            (
                "listen: 127.0.0.1\n",
                "postern.yaml:1:9: `listen`: \"127.0.0.1\" names no port. "
                    + "Write unix:/path, 127.0.0.1:3000, [::1]:3000, localhost:3000 or *:3000."
            ),
            (
                "listen: []\n",
                "postern.yaml:1:9: `listen` has too few items (0). Write 1 at least, or take the key out."
            ),
            (
                "listen: '*:1'\nthreads: 0\n",
                "postern.yaml:2:10: `threads` must be a whole number from 1 to 256, not \"0\"."
            ),
            (
                "listen: '*:1'\ndrain: 30\n",
                "postern.yaml:2:8: `drain` must be a duration from 0s to 1h, not \"30\". "
                    + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
            ),
            (
                "listen: '*:1'\nverify: unix:auth/*.sock\n",
                "postern.yaml:2:9: `verify` must name one socket, not a pattern. Write the path without `*`."
            ),
            (
                "listen: '*:1'\nverify: auth/verify.sock\n",
                "postern.yaml:2:9: `verify`: 'auth/verify.sock' is no address of an instance. "
                    + "Write unix:/run/name.sock, unix:/run/name/*.sock or http://127.0.0.1:8080."
            ),
            (
                "listen: '*:1'\nlimits: {idl: 1m}\n",
                "postern.yaml:2:10: `limits.idl` is not a known key. Did you mean `idle`?"
            ),
            (
                "listen: '*:1'\nlimits: many\n",
                "postern.yaml:2:9: `limits` must be a mapping, not \"many\". "
                    + "Write `key: value` lines, indented, below it."
            ),
        ])
    func problems(text: String, problem: String) throws {
        #expect(try configuration.problems("postern.yaml", text) == [problem])
    }

    @Test("every limit is taken, in the loop's unit")
    func limits() throws {
        let limits = try main(
            """
            listen: '*:1'
            limits:
              request_line: 1KiB
              field: 2KiB
              fields: 7
              head: 4KiB
              head_deadline: 1s
              idle: 2s
              body_deadline: 3s
              write_deadline: 4500ms
              body_rate: 1KiB
              write_rate: 0
              tunnel_idle: 6s
              connections: 8
              connections_per_client: 9
              requests: 5

            """
        ).limits
        #expect(limits.head.startLine == 1024)
        #expect(limits.head.fieldLine == 2048)
        #expect(limits.head.fields == 7)
        #expect(limits.head.head == 4096)
        #expect(limits.headDeadline == second)
        #expect(limits.idleDeadline == 2 * second)
        #expect(limits.bodyDeadline == 3 * second)
        #expect(limits.writeDeadline == 4500 * millisecond)
        #expect(limits.requestsPerConnection == 5)
        #expect(limits.bodyRate == 1024)
        #expect(limits.writeRate == 0)
        #expect(limits.tunnelIdleDeadline == 6 * second)
        #expect(limits.connections == 8)
        #expect(limits.connectionsPerClient == 9)
    }

    @Test(
        "a limit out of its bounds is a problem",
        arguments: ["request_line: 1", "fields: 0", "head: 1MiB", "idle: 1ms", "requests: 0"])
    func badLimit(line: String) throws {
        let found = try configuration.problems("postern.yaml", "listen: '*:1'\nlimits: {\(line)}\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("`limits.\(line.prefix { $0 != ":" })` must be ") == true)
    }

    @Test("what a reload cannot take into use is known by its key")
    func restart() throws {
        let running = try main("listen: '*:80'\nthreads: 1\n")
        #expect(try main("listen: '*:80'\nthreads: 1\nverify: unix:v.sock\n").keysForRestart(since: running) == [])
        let changed = try main("listen: '*:81'\nthreads: 2\ndrain: 1s\nlimits: {fields: 5}\n")
        #expect(changed.keysForRestart(since: running) == ["listen", "threads", "limits", "drain"])
    }
}
