import Logging
import Testing

@testable import Shared

@Suite("journal log handler")
struct JournalLogHandlerTests {
    private let entries = LineRecorder()

    private func logger(takes: Bool = true) -> Logger {
        Logger(label: "test") { [entries] _ in
            JournalLogHandler(
                identifier: "postern-auth", level: .trace,
                send: { fields in
                    fields.forEach { entries.add(String(decoding: $0, as: UTF8.self)) }
                    return takes
                },
                fallback: TextLogHandler(
                    identifier: "postern-auth", level: .trace, clock: { 0 }, write: { entries.add($0) }))
        }
    }

    @Test("an event is one entry: message with facts, priority, program, and each fact as a field")
    func form() {
        var logger = logger()
        logger[metadataKey: "instance"] = "1"
        logger.warning("login refused", metadata: ["user.name": "bob", "peer-address": "::1"])
        #expect(
            entries.all == [
                "MESSAGE=login refused instance=1 peer-address=::1 user.name=bob", "PRIORITY=4",
                "SYSLOG_IDENTIFIER=postern-auth", "POSTERN_INSTANCE=1", "POSTERN_PEER_ADDRESS=::1",
                "POSTERN_USER_NAME=bob",
            ])
    }

    @Test("a line break stays in its field, and the message is one line")
    func lineBreaks() {
        logger().info("a\nb", metadata: ["path": "x\nPRIORITY=0"])
        #expect(entries.all.first == #"MESSAGE=a\nb path="x\nPRIORITY=0""#)
        #expect(entries.all.last == "POSTERN_PATH=x\nPRIORITY=0")
        #expect(entries.all.count == 4)
    }

    @Test("a field's name is POSTERN_ and capitals, digits and _, of 64 bytes at most")
    func fieldNames() {
        #expect(JournalLogHandler.fieldName(for: "message") == "POSTERN_MESSAGE")
        #expect(JournalLogHandler.fieldName(for: "request.id-2") == "POSTERN_REQUEST_ID_2")
        #expect(JournalLogHandler.fieldName(for: "a=é\n") == "POSTERN_A____")
        #expect(JournalLogHandler.fieldName(for: String(repeating: "a", count: 100)).utf8.count == 64)
    }

    @Test(
        "levels are syslog's priorities",
        arguments: [
            (Logger.Level.critical, 2), (.error, 3), (.warning, 4), (.notice, 5), (.info, 6), (.debug, 7), (.trace, 7),
        ])
    func priorities(level: Logger.Level, priority: Int) {
        logger().log(level: level, "x")
        #expect(entries.all.contains("PRIORITY=\(priority)"))
    }

    @Test("a value is bounded")
    func bounded() {
        logger().info("x", metadata: ["a": "\(String(repeating: "y", count: 100_000))"])
        #expect(entries.all.last == "POSTERN_A=" + String(repeating: "y", count: 4096))
    }

    @Test("what the journal does not take is written as text")
    func fallback() {
        logger(takes: false).info("x", metadata: ["a": "1"])
        #expect(entries.all.last == "1970-01-01T00:00:00.000Z info postern-auth: x a=1\n")
    }
}
