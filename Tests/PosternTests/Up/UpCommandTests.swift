import Glibc
import Shared
import Testing

@testable import Postern

/// `postern up` itself, as a process, with small programs in place of its siblings.
@Suite("postern up")
struct UpCommandTests {
    @Test("It starts all, says ready and what to try, and stops in order on SIGTERM with status 0")
    func wholeLife() throws {
        let programs = try FakePrograms()
        let (descriptor, port) = try TestListener.open()
        close(descriptor)
        let up = try programs.up("--data", "2", "--listen", "127.0.0.1:\(port)")
        #expect(up.line { $0.hasPrefix("ready") } == "ready http://127.0.0.1:\(port)")
        let steps = up.lines.compactMap { $0.wholeMatch(of: /(.*) is ready \(process \d+\): waiting/)?.1 }
        #expect(Set(steps.dropLast()) == ["postern-auth", "postern-data@1", "postern-data@2"])
        #expect(steps.last == "postern-gateway")
        #expect(up.line { $0.hasPrefix("curl") } == "curl -i http://127.0.0.1:\(port)/")
        up.signal(SIGTERM)
        #expect(up.end() == .ok)
        let stops = up.lines.filter { $0.hasSuffix("| stopped") }
        #expect(stops.first == "gateway | stopped" && stops.last == "auth    | stopped")
        #expect(Set(stops.dropFirst().dropLast()) == ["data@1  | stopped", "data@2  | stopped"])
    }

    @Test("Each process gets its folders and options; the secret goes to postern-auth alone")
    func arguments() throws {
        let programs = try FakePrograms()
        let path = programs.folder.path
        let up = try programs.up("--listen", "127.0.0.1:0", environment: ["JWT_SECRET_KEY": "mysecret"])
        up.line { $0.hasPrefix("ready") }
        up.signal(SIGINT)
        #expect(up.end() == .ok)
        let common = "args --config \(path)/config --run \(path)/state/sockets --state \(path)/state --die-with-parent"
        #expect(up.lines.contains("auth    | \(common) secret mysecret"))
        #expect(up.lines.contains("data@1  | \(common) --instance 1 secret none"))
        #expect(up.lines.contains("gateway | \(common) --listen 127.0.0.1:0 secret none"))
    }

    @Test("Without JWT_SECRET_KEY the tutorial gets a random secret that is said and kept")
    func madeSecret() throws {
        let programs = try FakePrograms()
        var secrets: [String?] = []
        for _ in 1...2 {
            let up = try programs.up()
            up.line { $0.hasPrefix("ready") }
            up.signal(SIGTERM)
            #expect(up.end() == .ok)
            #expect(
                up.lines.contains { $0.contains("using the random secret in \(programs.folder.path)/state/jwt-secret") }
            )
            secrets.append(up.lines.first { $0.hasPrefix("auth") }?.split(separator: " ").last.map(String.init))
        }
        #expect(secrets[0]?.utf8.count == 64)
        #expect(secrets[0] == secrets[1])
    }

    @Test("A process that does not start: its words, no other's, and its status; the others are stopped")
    func failedStart() throws {
        let programs = try FakePrograms()
        try programs.install(
            "postern-gateway", "print STDERR \"routes/api/x.yaml:3: `servce` is not a known key\\n\"; exit 78;")
        let up = try programs.up()
        #expect(up.end() == .configuration)
        #expect(up.lines.contains("gateway | routes/api/x.yaml:3: `servce` is not a known key"))
        #expect(up.lines.contains { $0.hasPrefix("postern: postern-gateway did not start: exit status 78") })
        #expect(up.lines.contains("auth    | stopped"))
        #expect(!up.lines.contains { $0.hasPrefix("ready") })
    }

    @Test("A process that ends later ends all, with status 1")
    func laterDeath() throws {
        let programs = try FakePrograms()
        try programs.install(
            "postern-data", "ready(); print \"pid $$\\n\"; wait_for_a_signal();")
        let up = try programs.up()
        up.line { $0.hasPrefix("ready") }
        let pid = try #require(
            up.lines.first { $0.contains("| pid ") }?.split(separator: " ").last.flatMap { Int32($0) })
        kill(pid, SIGKILL)
        #expect(up.end() == .failure)
        #expect(up.lines.contains { $0.contains("postern-data@1 has ended by itself (killed by signal 9)") })
        #expect(up.lines.contains("gateway | stopped") && up.lines.contains("auth    | stopped"))
    }

    @Test("A second Ctrl-C does not wait for a process that will not stop")
    func secondSignal() throws {
        let programs = try FakePrograms()
        try programs.install(
            "postern-gateway", "$SIG{TERM} = sub { print \"not yet\\n\" }; ready(); wait_for_a_signal();")
        let up = try programs.up()
        up.line { $0.hasPrefix("ready") }
        up.signal(SIGINT)
        #expect(up.line { $0 == "gateway | not yet" } != nil)
        up.signal(SIGINT)
        #expect(up.end() == .ok)
    }

    @Test("Ctrl-C during start-up stops what has begun")
    func stopDuringStart() throws {
        let programs = try FakePrograms()
        try programs.install("postern-auth", "wait_for_a_signal();")
        let up = try programs.up()
        #expect(up.line { $0.hasPrefix("postern-data@1 is ready") } != nil)
        up.signal(SIGINT)
        #expect(up.end() == .ok)
        #expect(!up.lines.contains { $0.hasPrefix("postern-gateway") })
    }

    @Test("A port that is taken is one clear line, before anything is started")
    func takenPort() throws {
        let programs = try FakePrograms()
        let (descriptor, port) = try TestListener.open()
        defer { close(descriptor) }
        let up = try programs.up("--listen", "127.0.0.1:\(port)")
        #expect(up.end() == .failure)
        #expect(up.lines.count == 1)
        #expect(up.lines[0].hasPrefix("postern: port \(port) is taken: "))
        #expect(up.lines[0].contains("--listen 127.0.0.1:"))
    }

    @Test("The URL is found by the gateway's own sockets when the kernel chose the port and the gateway says nothing")
    func chosenPort() throws {
        let programs = try FakePrograms()
        try programs.install(
            "postern-gateway",
            """
            use IO::Socket::INET; my $l = IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1) or die;
            $SIG{TERM} = sub { exit 0 }; print "port ", $l->sockport, "\\n"; ready(); wait_for_a_signal();
            """)
        let up = try programs.up()
        let ready = up.line { $0.hasPrefix("ready") }
        // The program's own line comes by another way, and may come later.
        let isPort = { (line: String) in line.contains("| port ") }
        let port = (up.lines.first(where: isPort) ?? up.line(where: isPort))?.split(separator: " ").last
        #expect(ready == port.map { "ready http://127.0.0.1:\($0)" })
        up.signal(SIGTERM)
        #expect(up.end() == .ok)
    }

    @Test("A missing sibling is named with the mend, and nothing is started")
    func missingSibling() throws {
        let programs = try FakePrograms()
        unlinkFile("\(programs.folder.path)/postern-auth")
        let up = try programs.up()
        #expect(up.end() == .notFound)
        #expect(up.lines.count == 1)
        #expect(up.lines.first?.hasPrefix("postern: postern-auth is not in \(programs.folder.path). ") == true)
        #expect(up.lines.first?.contains("swift build") == true)
    }

    private func unlinkFile(_ path: String) { _ = unsafe unlink(path) }
}
