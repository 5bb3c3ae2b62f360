import FoundationEssentials
import Glibc
import Shared
import Testing

/// The real `postern`, in a folder of its own, with stand-ins for its siblings.
struct FakePrograms {
    let folder: TemporaryFolder

    /// Says that it is ready, and waits for SIGTERM. Its arguments and the secret that it got are in its first line.
    static let goodService = """
        print "args @ARGV secret ", $ENV{JWT_SECRET_KEY} // "none", "\\n";
        $SIG{TERM} = sub { print "stopped\\n"; exit 0 };
        ready();
        wait_for_a_signal();
        """

    init() throws {
        folder = try TemporaryFolder()
        let built = try #require(SiblingProgram.ownDirectory)
        try Self.shell(#"ln "$1" "$2" 2>/dev/null || cp "$1" "$2""#, "\(built)/postern", "\(folder.path)/postern")
        for name in ["postern-auth", "postern-data", "postern-gateway"] { try install(name, Self.goodService) }
        try folder.write("listen: 127.0.0.1:0\n", to: "config/postern.yaml")
        try folder.write("seed: tutorial\n", to: "config/auth.yaml")
    }

    /// Replaces one of the siblings by a Perl program; perl-base is on every Debian.
    func install(_ name: String, _ program: String) throws {
        let text = """
            #!/usr/bin/perl
            use strict; use warnings; use IO::Socket::UNIX; $| = 1;
            sub ready {
                my $socket = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET}) or die;
                $socket->send("STATUS=waiting\\nREADY=1");
            }
            sub wait_for_a_signal { select undef, undef, undef, 1 while 1 }
            \(program)

            """
        try Self.shell(#"printf '%s' "$1" > "$2" && chmod 755 "$2""#, text, "\(folder.path)/\(name)")
    }

    /// Programs are written by another process: a descriptor that is open for writing here would be inherited, for a
    /// moment, by what another test starts, and a program that somebody has open for writing cannot be run (ETXTBSY).
    private static func shell(_ script: String, _ arguments: String...) throws {
        let launch = ChildLaunch(
            path: "/bin/sh", arguments: ["sh", "-c", script, "sh"] + arguments, environment: ["PATH": "/usr/bin:/bin"])
        try #require(ChildEnd.wait(for: try launch.start()) == .exited(0))
    }

    /// Starts `postern` and returns at once.
    func start(_ arguments: String..., environment: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(path: "\(folder.path)/postern", arguments: arguments, environment: environment)
    }

    /// Starts `postern up` on the stand-ins' configuration.
    func up(_ arguments: String..., environment: [String: String] = [:]) throws -> RunningProgram {
        try RunningProgram(
            path: "\(folder.path)/postern",
            arguments: ["up", "--config", "\(folder.path)/config", "--state", "\(folder.path)/state"] + arguments,
            environment: environment)
    }
}

/// A program that runs, with all that it writes.
final class RunningProgram {
    let processID: pid_t
    private let output: Int32
    private(set) var lines: [String] = []
    private var splitter = LineReader()

    init(path: String, arguments: [String], environment: [String: String]) throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var launch = ChildLaunch(path: path, arguments: [path] + arguments, environment: environment)
        launch.environment["PATH"] = "/usr/bin:/bin"
        launch.output = ends[1]
        launch.standardInput = .nothing
        processID = try launch.start()
        close(ends[1])
        output = ends[0]
    }

    deinit { close(output) }

    /// Reads until a line for which `condition` holds; nil when the output ends before.
    @discardableResult
    func line(where condition: (String) -> Bool) -> String? {
        while let line = splitter.next(from: output) {
            lines.append(line)
            if condition(line) { return line }
        }
        return nil
    }

    func signal(_ number: Int32) { kill(processID, number) }

    /// Reads to the end of the output and waits for the end of the program.
    func end() -> Shared.ExitStatus? {
        line { _ in false }
        return ChildEnd.wait(for: processID)?.status
    }
}

/// Lines of a descriptor, waited for.
private struct LineReader {
    private var pending: [UInt8] = []

    mutating func next(from descriptor: Int32) -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...end) }
                return String(decoding: pending[..<end], as: UTF8.self)
            }
            let count = unsafe read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }
}
