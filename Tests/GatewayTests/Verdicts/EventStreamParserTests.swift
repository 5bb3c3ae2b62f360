import Testing

@testable import Gateway

@Suite("Reading an event stream")
struct EventStreamParserTests {
    private typealias Item = EventStreamParser.Item

    private func read(_ text: String, piece: Int = .max) throws -> [Item] {
        var parser = EventStreamParser()
        var items: [Item] = []
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let bytes = Array(rest.prefix(piece))
            rest = rest.dropFirst(piece)
            var index = 0
            while let item = try parser.next(in: unsafe bytes.span.bytes, at: &index) { items.append(item) }
            #expect(index == bytes.count)
        }
        return items
    }

    private func event(_ name: String, _ data: String = "") -> Item {
        .event(name: Array(name.utf8), data: Array(data.utf8))
    }

    @Test("events and comments come out as they were sent, however they are cut", arguments: [1, 2, 3, 7, 1000])
    func pieces(piece: Int) throws {
        let text = "event: begin\ndata: {}\n\n:\n\nevent: revoked\ndata: {\"user\":\"1\"}\n\n: hello\n\n"
        #expect(
            try read(text, piece: piece)
                == [event("begin", "{}"), .comment, event("revoked", "{\"user\":\"1\"}"), .comment])
    }

    @Test("lines end with LF, CR or both", arguments: ["\n", "\r", "\r\n"])
    func lineEnds(end: String) throws {
        let text = ["event: a", "data: 1", "", ":", "", "event: b", "", ""].joined(separator: end)
        for piece in [1, 1000] { #expect(try read(text, piece: piece) == [event("a", "1"), .comment, event("b")]) }
    }

    @Test("one blank after the colon is no part of a value; several lines of data are one")
    func fields() throws {
        #expect(try read("event:a\ndata:  b\ndata\ndata: c\nid: 7\nretry: 5\nother\n\n") == [event("a", " b\n\nc")])
        #expect(try read("\u{FEFF}data: x\n\n") == [event("", "x")])
    }

    @Test("empty lines, and what no empty line has ended yet, are no events")
    func none() throws {
        #expect(try read("\n\n\n").isEmpty)
        #expect(try read("id: 1\n\n").isEmpty)
        #expect(try read("event: revoked\ndata: {}\n").isEmpty)
    }

    @Test("a line, and an event's data, have a length beyond which nothing is read")
    func bounds() throws {
        let most = String(repeating: "x", count: EventStreamParser.lineLimit)
        #expect(try read(":" + most.dropFirst() + "\n") == [.comment])
        #expect(throws: EventStreamParser.TooLong.self) { try read(":" + most) }
        #expect(throws: EventStreamParser.TooLong.self) {
            try read(String(repeating: "data: " + String(repeating: "x", count: 1000) + "\n", count: 5))
        }
    }
}
