import Glibc
import Shared
import Testing

@testable import Postern

@Suite("Readiness")
struct ReadinessTests {
    @Test("READY=1 is ready; other lines of the protocol are not")
    func ready() {
        #expect(ReadinessMessage("READY=1".utf8).isReady)
        #expect(ReadinessMessage("STATUS=serving\nREADY=1\n".utf8).isReady)
        for other in ["", "READY=0", "READY", "NOTREADY=1", "STATUS=READY=1", "STOPPING=1", "ready=1"] {
            #expect(!ReadinessMessage(other.utf8).isReady, "\(other)")
        }
    }

    @Test("The status is the rest of its line")
    func status() {
        #expect(ReadinessMessage("READY=1\nSTATUS=a=b\nX_OTHER=1".utf8).status == "a=b")
    }

    @Test("A child says that it is ready over the socket, and each message is received once")
    func child() throws {
        let folder = try TemporaryFolder()
        let socket = try ReadinessSocket(path: "\(folder.path)/notify")
        #expect(socket.receive() == nil)
        let script = #"""
            exec perl -MIO::Socket::UNIX -e '
                my $s = IO::Socket::UNIX->new(Type => SOCK_DGRAM, Peer => $ENV{NOTIFY_SOCKET}) or die;
                $s->send("STATUS=almost"); $s->send("READY=1")'
            """#
        let child = try ChildLaunch(
            path: "/bin/sh", arguments: ["sh", "-c", script],
            environment: ["NOTIFY_SOCKET": socket.path, "PATH": "/usr/bin:/bin"]
        ).start()
        #expect(ChildEnd.wait(for: child) == .exited(0))
        #expect(socket.receive()?.status == "almost")
        #expect(socket.receive()?.isReady == true)
        #expect(socket.receive() == nil)
    }

    @Test("What lay at the socket's path is replaced, and the path is free afterwards")
    func replaced() throws {
        let folder = try TemporaryFolder()
        try folder.write("old", to: "notify")
        do {
            let socket = try ReadinessSocket(path: "\(folder.path)/notify")
            #expect(socket.receive() == nil)
        }
        #expect(unsafe access("\(folder.path)/notify", F_OK) != 0)
    }

    @Test("A path that no Unix socket can have is refused with the mend")
    func longPath() {
        #expect {
            try ReadinessSocket(path: "/tmp/" + String(repeating: "x", count: 103))
        } throws: {
            "\($0)".contains("too long") && "\($0)".contains("--state")
        }
    }
}
