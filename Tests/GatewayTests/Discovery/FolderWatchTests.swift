// Unsafe code: C strings for rename(2).
import Glibc
import Testing

@testable import Gateway
@testable import Shared

@Suite("A watch of folders")
struct FolderWatchTests {
    private let folder: TemporaryFolder
    private let loop: EventLoop

    init() throws {
        folder = try TemporaryFolder()
        loop = try EventLoop()
    }

    /// How often the watch rang; what the kernel had to tell is there at once.
    private final class Bell {
        var rings = 0
    }

    private func watch() throws -> (FolderWatch, Bell) {
        let bell = Bell()
        return (try FolderWatch(loop: loop) { _ in bell.rings += 1 }, bell)
    }

    private func rings(_ bell: Bell) -> Bool {
        bell.rings = 0
        for _ in 0..<3 { loop.turn(waitingAtMost: 0) }
        return bell.rings > 0
    }

    @Test("what is made, removed and renamed in a folder is told; reading it is not")
    func changes() throws {
        try folder.makeFolder("in")
        let (watch, bell) = try watch()
        #expect(watch.follow([folder["in"]]) == 0)
        #expect(!rings(bell))
        let service = try PlayedService(folder["in/a.sock"])
        #expect(rings(bell))
        _ = SocketTable([folder["in"]])
        #expect(watch.follow([folder["in"]]) == 0)
        #expect(!rings(bell))
        #expect(unsafe rename(folder["in/a.sock"], folder["in/b.sock"]) == 0)
        #expect(rings(bell))
        #expect(unsafe chown(folder["in/b.sock"], geteuid(), getegid()) == 0)
        #expect(rings(bell))
        service.stop()
        #expect(unsafe unlink(folder["in/b.sock"]) == 0)
        #expect(rings(bell))
    }

    @Test("a folder that is not there is waited for, however many are missing above it")
    func absent() throws {
        let (watch, bell) = try watch()
        let wanted = folder["a/b/in"]
        #expect(watch.follow([wanted]) == 0)
        for part in ["a", "a/b", "a/b/in"] {
            try folder.makeFolder(part)
            #expect(rings(bell), "\(part)")
            #expect(watch.follow([wanted]) == 0)
        }
        let service = try PlayedService(folder["a/b/in/a.sock"])
        #expect(rings(bell))
        withExtendedLifetime(service) {}
    }

    @Test("a folder that is removed and made again, or moved away, is followed by its name")
    func renewed() throws {
        let wanted = folder["in"]
        let (watch, bell) = try watch()
        for _ in 0..<3 {
            try folder.makeFolder("in")
            #expect(watch.follow([wanted]) == 0)
            _ = rings(bell)
            try folder.remove("in")
            #expect(rings(bell))
            #expect(watch.follow([wanted]) == 0)
        }
        try folder.makeFolder("in")
        #expect(watch.follow([wanted]) == 0)
        _ = rings(bell)
        #expect(unsafe rename(wanted, folder["elsewhere"]) == 0)
        #expect(rings(bell))
        #expect(watch.follow([wanted]) == 0)
        _ = rings(bell)
        // The one that was moved away is nobody's any more.
        try folder.write("", to: "elsewhere/x")
        #expect(!rings(bell))
        try folder.makeFolder("in")
        #expect(rings(bell))
    }

    @Test("a folder that is followed no more is not told of")
    func forgotten() throws {
        try folder.makeFolder("one")
        try folder.makeFolder("two")
        let (watch, bell) = try watch()
        #expect(watch.follow([folder["one"], folder["two"]]) == 0)
        #expect(watch.follow([folder["two"]]) == 0)
        _ = rings(bell)
        try folder.write("", to: "one/x")
        #expect(!rings(bell))
        try folder.write("", to: "two/x")
        #expect(rings(bell))
    }
}
