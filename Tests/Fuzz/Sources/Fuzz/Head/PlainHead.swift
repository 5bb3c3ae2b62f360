import Shared

/// An accepted head read once more in the plainest way: cut at each CRLF, then at the first colon.
struct PlainHead {
    private let kind: HeadKind
    private let head: ArraySlice<UInt8>

    init(_ kind: HeadKind, _ head: ArraySlice<UInt8>) {
        self.kind = kind
        self.head = head
    }

    func check(_ facts: HeadFacts) {
        guard var lines = PlainText.lines(head), lines.count >= 2, lines.removeLast().isEmpty else {
            broken("accepted, although not all lines end in CRLF, or the last is not empty")
        }
        for line in lines {
            require(
                !line.isEmpty && PlainText.isFieldValue(line),
                "accepted with an empty line or a control: \(shown(line))")
        }
        let start = lines.removeFirst()
        switch kind {
        case .request: checkRequestLine(start, facts)
        case .response: checkStatusLine(start, facts)
        }
        require(lines.count == facts.lines.count, "\(facts.lines.count) fields, plainly \(lines.count)")
        for (line, fact) in zip(lines, facts.lines) { checkLine(line, fact) }
        if let first = lines.first, let last = lines.last {
            require(facts.run == first.startIndex..<(last.endIndex + 2), "all lines together are \(facts.run)")
        }
        PlainFields(kind, head, facts).check()
    }

    private func checkRequestLine(_ line: ArraySlice<UInt8>, _ facts: HeadFacts) {
        let parts = line.split(separator: 32, omittingEmptySubsequences: false)
        guard parts.count == 3 else { broken("a request line of \(parts.count) parts: \(shown(line))") }
        require(PlainText.isToken(parts[0]), "the method is no token: \(shown(parts[0]))")
        require(!parts[1].isEmpty && parts[1].allSatisfy { $0 > 32 && $0 < 127 }, "the target: \(shown(parts[1]))")
        require(!parts[1].contains(UInt8(ascii: "#")), "the target has a fragment: \(shown(parts[1]))")
        require(facts.ranges == [parts[0].indices, parts[1].indices], "method and target are \(facts.ranges)")
        let named = Method(name: String(decoding: parts[0], as: UTF8.self)) ?? .other
        require(facts.method == named, "the method is \(String(describing: facts.method)), plainly \(named)")
        checkVersion(parts[2], facts)
    }

    private func checkStatusLine(_ line: ArraySlice<UInt8>, _ facts: HeadFacts) {
        let parts = line.split(separator: 32, maxSplits: 2, omittingEmptySubsequences: false)
        guard parts.count >= 2 else { broken("a status line without a space: \(shown(line))") }
        checkVersion(parts[0], facts)
        require(
            parts[1].count == 3 && Array("\(facts.status)".utf8) == Array(parts[1]), "the status is \(facts.status)")
        require((100...599).contains(facts.status), "the status is \(facts.status)")
        let reason = parts.count == 3 ? parts[2].indices : line.endIndex..<line.endIndex
        require(facts.ranges == [reason], "the reason is \(facts.ranges), plainly \(reason)")
    }

    private func checkVersion(_ text: ArraySlice<UInt8>, _ facts: HeadFacts) {
        require(Array(text) == Array("HTTP/1.\(facts.minorVersion)".utf8), "the version is \(facts.minorVersion)")
        require((0...1).contains(facts.minorVersion), "the version is \(facts.minorVersion)")
    }

    private func checkLine(_ line: ArraySlice<UInt8>, _ fact: HeadFacts.Line) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { broken("no colon: \(shown(line))") }
        require(PlainText.isToken(line[..<colon]), "the name is no token: \(shown(line))")
        require(fact.name == line[..<colon].indices, "the name is \(fact.name) of \(shown(line))")
        let value = PlainText.trimmed(line[(colon + 1)...])
        require(Array(head[fact.value]) == Array(value), "the value is \(fact.value) of \(shown(line))")
        let name = PlainText.lowercased(line[..<colon])
        require(fact.field.isReserved == PlainName.isReserved(name), "reserved or not: \(name) is \(fact.field)")
        require(fact.field.isProtected == PlainName.isProtected(name), "protected or not: \(name) is \(fact.field)")
        require(fact.field.isHopByHop == PlainName.isHopByHop(name), "for one hop or not: \(name) is \(fact.field)")
    }
}
