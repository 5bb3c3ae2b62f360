import Glibc
import Testing

@testable import Shared

@Suite("What people read")
struct StandardStreamTests {
    @Test("There is no colour where no terminal is")
    func noTerminal() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        defer { for end in ends { close(end) } }
        #expect(!StandardStream(descriptor: ends[1]).wantsColour(environment: [:]))
    }

    @Test(
        "A terminal gets colour unless NO_COLOR is set or it is a dumb one",
        arguments: [([:], true), (["NO_COLOR": ""], true), (["NO_COLOR": "1"], false), (["TERM": "dumb"], false)])
    func terminal(environment: [String: String], isColoured: Bool) throws {
        let terminal = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
        try #require(terminal >= 0)
        defer { close(terminal) }
        #expect(StandardStream(descriptor: terminal).wantsColour(environment: environment) == isColoured)
    }

    @Test("All bytes arrive, also when there are more than a pipe holds")
    func longText() throws {
        var ends: [Int32] = [-1, -1]
        try #require(unsafe pipe(&ends) == 0)
        let (reading, writing) = (ends[0], ends[1])
        defer { close(reading) }
        // A thread of its own: both sides wait for each other, and a task might find no thread to run on.
        let writer = try LoopThread(name: "writer") { loop in
            loop.afterThisTurn {
                StandardStream(descriptor: writing).write([UInt8](repeating: 7, count: 300_000))
                close(writing)
                loop.stop()
            }
        }
        #expect(Self.readAll(reading) == 300_000)
        writer.join()
    }

    private static func readAll(_ descriptor: Int32) -> Int {
        var buffer = [UInt8](repeating: 0, count: 65_536)
        var total = 0
        while case let count = unsafe read(descriptor, &buffer, buffer.count), count > 0 { total += count }
        return total
    }
}
