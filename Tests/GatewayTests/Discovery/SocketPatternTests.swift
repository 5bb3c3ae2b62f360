// Unsafe code: C strings for chown(2), symlink(2) and rename(2).
import Glibc
import Testing

@testable import Gateway
@testable import Shared

@Suite("Sockets in the folders of instances")
struct SocketPatternTests {
    private let folder: TemporaryFolder
    private var pattern: SocketPattern { SocketPattern(folder: folder.path, prefix: "", suffix: ".sock") }

    init() throws { folder = try TemporaryFolder() }

    private func table(_ former: SocketTable = SocketTable()) -> SocketTable {
        SocketTable([folder.path], former: former)
    }

    private func names(_ rule: OwnerRule = .standard, refused: Bool = false) -> [String] {
        pattern.matches(in: table(), rule).filter { $0.isRefused == refused }.map(\.file.name)
    }

    @Test("neither files, folders nor symbolic links to sockets are sockets")
    func kinds() throws {
        let socket = try PlayedService(folder["a.sock"])
        try folder.write("", to: "file.sock")
        try folder.makeFolder("folder.sock")
        #expect(unsafe symlink(folder["a.sock"], folder["link.sock"]) == 0)
        #expect(names() == ["a.sock"])
        withExtendedLifetime(socket) {}
    }

    @Test("a socket of a foreign user is refused, until the service names that user", .enabled(if: geteuid() == 0))
    func owners() throws {
        let sockets = try ["a.sock", "b.sock"].map { try PlayedService(folder[$0]) }
        #expect(unsafe chown(folder["b.sock"], 4321, 4321) == 0)
        #expect(names() == ["a.sock"])
        #expect(names(refused: true) == ["b.sock"])
        // Root may own one in any case.
        #expect(names(.users([4321])) == ["a.sock", "b.sock"])
        #expect(names(.users([4322]), refused: true) == ["b.sock"])
        // Whoever owns the folder can put there what it likes.
        #expect(unsafe chown(folder.path, 4321, 4321) == 0)
        #expect(names() == ["a.sock", "b.sock"])
        #expect(pattern.matches(in: table(), .standard).first?.users == [0, geteuid(), 4321])
        withExtendedLifetime(sockets) {}
    }

    @Test("a socket that was made anew under its name is told from the one before")
    func renewed() throws {
        let first = try PlayedService(folder["a.sock"])
        let before = table()
        #expect(table(before) == before)
        first.stop()
        let second = try PlayedService(folder["a.sock"])
        let after = table(before)
        #expect(after != before)
        #expect(after.renewed(since: before) == [.unix(path: folder["a.sock"])])
        #expect(after.renewed(since: after).isEmpty && after.renewed(since: SocketTable()).isEmpty)
        withExtendedLifetime(second) {}
    }

    @Test("a folder that is gone is empty; one that cannot be read holds what it held")
    func unreadable() throws {
        let socket = try PlayedService(folder["in/a.sock"], making: folder)
        let inside = folder["in"]
        let before = SocketTable([inside])
        #expect(before[inside]?.files.map(\.name) == ["a.sock"])
        // A name in the path that is longer than any can be: neither there nor not there.
        let long = folder[String(repeating: "x", count: 300)]
        let failed = SocketTable([long], former: before)
        #expect(failed.failures == [long: ENAMETOOLONG])
        #expect(failed[long] == nil)
        socket.stop()
        try folder.remove("in")
        let gone = SocketTable([inside], former: before)
        #expect(gone[inside] == nil && gone.failures.isEmpty)
    }
}

extension PlayedService {
    /// At a path whose folder is made first.
    fileprivate convenience init(_ path: String, making folder: TemporaryFolder) throws {
        let slash = try #require(path.lastIndex(of: "/"))
        try folder.makeFolder(String(path[..<slash].dropFirst(folder.path.count + 1)))
        try self.init(path)
    }
}
