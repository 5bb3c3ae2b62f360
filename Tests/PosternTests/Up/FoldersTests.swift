import CLinux
import FoundationEssentials
import Glibc
import Shared
import Testing

@testable import Postern

@Suite("The folders of postern up")
struct FoldersTests {
    @Test("The state folder is made for this user alone, and is an absolute path")
    func stateFolder() throws {
        let folder = try TemporaryFolder()
        let state = try StateFolder("\(folder.path)/a/../a/state")
        #expect(state.path == "\(folder.path)/a/state")
        #expect(try folder.mode(of: "a/state") == 0o700)
        #expect(try folder.mode(of: "a/state/auth") == 0o700)
        #expect(try folder.mode(of: "a/state/data") == 0o700)
    }

    @Test("A second postern up on one state folder is refused, and told who is there")
    func twoOnOneState() throws {
        let folder = try TemporaryFolder()
        do {
            let first = try StateFolder(folder.path)
            #expect {
                _ = try StateFolder(first.path)
            } throws: {
                "\($0)".contains("another postern up (process \(getpid()))") && "\($0)".contains("--state")
            }
            withExtendedLifetime(first) {}
        }
        // A child that another test starts in this moment has the lock too, until it has become its program.
        var again = try? StateFolder(folder.path)
        let end = ContinuousClock.now + .seconds(20)
        while again == nil, ContinuousClock.now < end {
            sched_yield()
            again = try? StateFolder(folder.path)
        }
        #expect(again != nil)
    }

    @Test("A state folder that cannot be made is refused with the mend")
    func impossibleState() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        #expect {
            _ = try StateFolder("\(folder.path)/file/state")
        } throws: {
            "\($0)".contains("cannot be made") && "\($0)".contains("--state")
        }
    }

    @Test("The state is where XDG says, else below the home, else to be named")
    func defaultState() {
        #expect(StateFolder.defaultPath(environment: ["XDG_STATE_HOME": "/x", "HOME": "/h"]) == "/x/postern")
        #expect(StateFolder.defaultPath(environment: ["HOME": "/h"]) == "/h/.local/state/postern")
        #expect(StateFolder.defaultPath(environment: ["XDG_STATE_HOME": "relative"]) == nil)
    }

    @Test("Sockets are below the state, for this user alone, also when the folder was open before")
    func runFolder() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: "\(folder.path)/sockets", withIntermediateDirectories: false)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: "\(folder.path)/sockets")
        let run = try RunFolder(below: folder.path, environment: [:])
        #expect(run.path == "\(folder.path)/sockets")
        #expect(!run.isTemporary)
        #expect(try folder.mode(of: "sockets") == 0o700)
        #expect(try folder.mode(of: "sockets/notify") == 0o700)
        #expect(try folder.mode(of: "sockets/gateway") == 0o700)
    }

    @Test("Sockets that a killed run left behind are gone, other files stay")
    func leftBehind() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "sockets/data/note")
        let left = unsafe postern_listen_unix("\(folder.path)/sockets/data/7.sock", 1, 0o600)
        try #require(left >= 0)
        close(left)
        _ = try RunFolder(below: folder.path, environment: [:])
        #expect(try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/sockets/data") == ["note"])
    }

    @Test("A link in place of the run folder is refused")
    func linkedRunFolder() throws {
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(atPath: "\(folder.path)/sockets", withDestinationPath: "/tmp")
        #expect { _ = try RunFolder(below: folder.path, environment: [:]) } throws: { "\($0)".contains("own") }
    }

    @Test("Where the state's path is too long for sockets they are in a short folder, which goes with the run")
    func longPath() throws {
        let folder = try TemporaryFolder()
        let long = "\(folder.path)/" + String(repeating: "x", count: 80)
        #expect(!RunFolder.isShortEnough("\(long)/sockets"))
        var path = ""
        do {
            let run = try RunFolder(below: long, environment: ["XDG_RUNTIME_DIR": folder.path])
            path = run.path
            #expect(run.isTemporary)
            #expect(path.hasPrefix("\(folder.path)/postern-"))
            #expect(try folder.mode(of: String(path.dropFirst(folder.path.count + 1))) == 0o700)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("The longest socket that a run of most instances has fits below the longest run folder")
    func roomForSockets() {
        let longest = "/notify/\(SupervisedProcess.data(instance: UpOptions.mostDataInstances).label)"
        #expect(longest.utf8.count <= RunFolder.roomForNames)
    }
}
