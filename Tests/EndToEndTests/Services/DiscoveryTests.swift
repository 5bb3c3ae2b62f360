// Unsafe code: C strings for chown(2), unlink(2) and rename(2).
import Glibc
import Shared
import Testing

@Suite("Instances that come and go")
struct DiscoveryTests {
    private let fixture: GatewayFixture

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write("services/main.yaml", "instances: unix:data/*.sock\n")
    }

    private func socket(_ name: String) -> String { "\(fixture.runFolder)/data/\(name).sock" }

    private func service(_ name: String) throws -> ScriptedService {
        try ScriptedService(socket(name)) { _ in Answer.ok(name) }
    }

    /// Until the gateway has these instances, and no others.
    private func wait(for names: Set<String>) throws {
        let wanted = Set(names.map { "unix:\(socket($0))" })
        let deadline = Deadline(in: .patience)
        var found: Set<String> = []
        while found != wanted, !deadline.hasPassed {
            let json = try StrictJSON.parseObject(try fixture.control("GET", "/services").body)
            found = Set((ServiceReport.read(json)?.first?.instances ?? []).map(\.address))
        }
        #expect(found == wanted)
    }

    /// Which instances answer so many requests.
    private func answers(_ gateway: RunningGateway, _ count: Int = 16) throws -> Set<String> {
        Set(try (0..<count).map { _ in try gateway.request("GET", "/open/x").text })
    }

    @Test("A socket is used as soon as it is there, also in a folder that comes later; one that is gone is not")
    func come() throws {
        let gateway = try fixture.start()
        try gateway.request("GET", "/open/x").expect(503, error: "Service unavailable")
        try fixture.folder.makeFolder("run/data")
        let first = try service("1")
        try gateway.program.line { $0.contains("instances changed") && $0.contains("joined=unix:\(socket("1"))") }
        #expect(try gateway.request("GET", "/open/x").text == "1")
        let others = try (2...5).map { try service("\($0)") }
        try wait(for: ["1", "2", "3", "4", "5"])
        #expect(try answers(gateway, 64) == ["1", "2", "3", "4", "5"])
        // Its file goes first, as systemd and our own services do it: not one request fails.
        for name in ["2", "3", "4", "5"] {
            #expect(unsafe unlink(socket(name)) == 0)
            #expect(try gateway.request("GET", "/open/x").status == 200)
        }
        try wait(for: ["1"])
        #expect(try answers(gateway) == ["1"])
        for service in others + [first] { service.stop() }
    }

    @Test("A folder that is moved away takes its instances along, and one that takes its place brings its own")
    func moved() throws {
        try fixture.folder.makeFolder("run/data")
        let first = try service("1")
        defer { first.stop() }
        let gateway = try fixture.start()
        #expect(try answers(gateway) == ["1"])
        #expect(unsafe rename("\(fixture.runFolder)/data", "\(fixture.runFolder)/gone") == 0)
        try gateway.program.line { $0.contains("removed=1") }
        try gateway.request("GET", "/open/x").expect(503, error: "Service unavailable")
        try fixture.folder.makeFolder("run/data")
        let second = try service("2")
        defer { second.stop() }
        try gateway.program.line { $0.contains("joined=unix:\(socket("2"))") }
        #expect(try answers(gateway) == ["2"])
    }

    @Test(
        "A socket whose file is a foreign user's is refused, with the mend, and counted; `owner` takes it",
        .enabled(if: geteuid() == 0))
    func owner() throws {
        try fixture.folder.makeFolder("run/data")
        let first = try service("1")
        let foreign = try service("2")
        defer { for service in [first, foreign] { service.stop() } }
        #expect(unsafe chown(socket("2"), 65534, 65534) == 0)
        let gateway = try fixture.start()
        let line = try gateway.program.line { $0.contains("socket is refused") }
        #expect(line.contains("owner=nobody") && line.contains("owner: nobody") && line.contains("services/main.yaml"))
        #expect(try answers(gateway) == ["1"])
        #expect(try fixture.control("GET", "/counters").text.contains(#""instances.refused":1"#))
        #expect(try fixture.control("GET", "/services").text.contains(#""refused":["\#(socket("2"))"]"#))
        // One who is let in by the file does not have to be the one who listens: root made it.
        try fixture.write("services/main.yaml", "instances: unix:data/*.sock\nowner: nobody\n")
        #expect(try fixture.reload(gateway).status == 200)
        #expect(try answers(gateway, 64) == ["1", "2"])
        // It can be given back while all runs.
        #expect(unsafe chown(socket("2"), 1, 1) == 0)
        try gateway.program.line { $0.contains("left=unix:\(socket("2"))") }
        #expect(try answers(gateway) == ["1"])
    }

    @Test("A foreign user who listens on a good file is refused: its peer tells", .enabled(if: geteuid() == 0))
    func peer() throws {
        try fixture.folder.makeFolder("run/data")
        #expect(unsafe chmod(fixture.folder.path, 0o755) == 0)
        #expect(unsafe chmod(fixture.runFolder, 0o755) == 0)
        #expect(unsafe chmod("\(fixture.runFolder)/data", 0o777) == 0)
        // perl-base is on every Debian; what it listens on it made as nobody.
        let listener = try RunningProgram(
            "/usr/bin/setpriv",
            [
                "--reuid", "65534", "--regid", "65534", "--clear-groups", "/usr/bin/perl", "-MIO::Socket::UNIX", "-e",
                """
                alarm 60; $|=1; $SIG{PIPE}="IGNORE"; my $s=IO::Socket::UNIX->new(Local=>$ARGV[0],Listen=>16) or die; print "listens\\n";
                while (my $c=$s->accept) {
                sysread($c, my $b, 4096) or next;
                print $c "HTTP/1.1 200 OK\\r\\nContent-Length: 6\\r\\n\\r\\nstolen" }
                """, socket("1"),
            ])
        defer { listener.kill() }
        try listener.line { $0 == "listens" }
        #expect(unsafe chown(socket("1"), 0, 0) == 0)
        let gateway = try fixture.start()
        try gateway.request("GET", "/open/x").expect(503, error: "Service unavailable")
        let line = try gateway.program.line { $0.contains("instance is refused") }
        #expect(line.contains("user=nobody") && line.contains("address=unix:\(socket("1"))"))
        let counters = try StrictJSON.parseObject(try fixture.control("GET", "/counters").body)
        #expect((counters["instances.foreign_peers"]?.integer ?? 0) > 0)
        try fixture.write("services/main.yaml", "instances: unix:data/*.sock\nowner: nobody\n")
        #expect(try fixture.reload(gateway).status == 200)
        // It counts as failed for a second.
        let deadline = Deadline(in: .patience)
        var text = ""
        while text != "stolen", !deadline.hasPassed { text = try gateway.request("GET", "/open/x").text }
        #expect(text == "stolen")
    }
}
