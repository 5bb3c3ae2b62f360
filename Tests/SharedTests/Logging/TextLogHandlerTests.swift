import Logging
import Synchronization
import Testing

@testable import Shared

@Suite("text log handler")
struct TextLogHandlerTests {
    private let lines = LineRecorder()

    private func logger(isColoured: Bool = false) -> Logger {
        Logger(label: "test") { [lines] _ in
            TextLogHandler(
                identifier: "postern-gateway", level: .info, isColoured: isColoured, clock: { 1_795_374_000_123 },
                write: { lines.add($0) })
        }
    }

    @Test("an event is one line: time, level, program, message, facts by key")
    func form() {
        logger().info("service ready", metadata: ["service.name": "data", "instances": "2", "note": "two words"])
        #expect(
            lines.all == [
                "2026-11-22T19:00:00.123Z info postern-gateway: service ready "
                    + "instances=2 note=\"two words\" service.name=data\n"
            ])
    }

    @Test("no value, key or message can forge a line or a pair")
    func forging() {
        logger().warning(
            "refused\n2026-11-22T19:00:00.123Z info postern-gateway: all is well",
            metadata: [
                "path": "/a\n2026-11-22T19:00:00.123Z info postern-gateway: token accepted user=admin",
                "agent": "x\" user=\"admin", "bad key=1\n": "y", "colour": "\u{1B}[2J\u{9B}31m",
            ])
        #expect(
            lines.all == [
                "2026-11-22T19:00:00.123Z warning postern-gateway: "
                    + #"refused\n2026-11-22T19:00:00.123Z info postern-gateway: all is well"#
                    + #" agent="x\" user=\"admin" bad_key_1_=y colour="\u{1b}[2J\u{9b}31m""#
                    + #" path="/a\n2026-11-22T19:00:00.123Z info postern-gateway: token accepted user=admin""# + "\n"
            ])
    }

    @Test("an event's fact wins over the logger's, and both are there")
    func metadata() {
        var logger = logger()
        logger[metadataKey: "a"] = "1"
        logger[metadataKey: "b"] = "1"
        logger.info("x", metadata: ["b": "2"])
        #expect(logger[metadataKey: "a"] == "1")
        #expect(lines.all == ["2026-11-22T19:00:00.123Z info postern-gateway: x a=1 b=2\n"])
    }

    @Test("nested facts are flattened, lists are joined")
    func nested() {
        logger().info("x", metadata: ["a": ["c": "2", "b": ["d": "1"]], "l": ["1", "2"], "n": .stringConvertible(3)])
        #expect(lines.all == ["2026-11-22T19:00:00.123Z info postern-gateway: x a.b.d=1 a.c=2 l=1,2 n=3\n"])
    }

    @Test("an event's error is a fact")
    func error() {
        logger().error("x", error: SystemError("open", code: 2))
        #expect(
            lines.all == [
                "2026-11-22T19:00:00.123Z error postern-gateway: x error=\"open: No such file or directory\"\n"
            ])
    }

    @Test("a value is bounded")
    func bounded() {
        logger().info("x", metadata: ["a": "\(String(repeating: "y", count: 100_000))"])
        #expect(lines.all[0].utf8.count < 4300)
    }

    @Test("events below the level are left out")
    func level() {
        logger().debug("x")
        #expect(lines.all == [])
    }

    @Test("only the level is coloured, where that is asked for")
    func colour() {
        logger(isColoured: true).error("x")
        #expect(lines.all == ["2026-11-22T19:00:00.123Z \u{1B}[31merror\u{1B}[0m postern-gateway: x\n"])
    }
}

/// Keeps what a handler wrote.
final class LineRecorder: Sendable {
    private let lines = Mutex<[String]>([])

    var all: [String] { lines.withLock { $0 } }

    func add(_ line: String) { lines.withLock { $0.append(line) } }
}
