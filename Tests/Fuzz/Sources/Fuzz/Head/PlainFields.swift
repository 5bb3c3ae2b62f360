import Shared

/// What the fields of an accepted head say of its framing and its connection, by their names as text.
struct PlainFields {
    private let kind: HeadKind
    private let facts: HeadFacts
    private let fields: [(name: String, value: String)]

    init(_ kind: HeadKind, _ head: ArraySlice<UInt8>, _ facts: HeadFacts) {
        self.kind = kind
        self.facts = facts
        fields = facts.lines.map { line in
            (PlainText.lowercased(head[line.name]), PlainText.lowercased(head[line.value]))
        }
    }

    func check() {
        checkFraming()
        checkConnection()
        if kind == .request { checkRequest() }
        require(facts.places[2] >= 0 || !fields.contains { $0.name == "connection" }, "Connection was overlooked")
        require(facts.places[3] == place("upgrade"), "Upgrade is at \(facts.places[3])")
    }

    private func values(_ name: String) -> [String] { fields.filter { $0.name == name }.map(\.value) }

    private func place(_ name: String) -> Int { fields.firstIndex { $0.name == name } ?? -1 }

    private func checkFraming() {
        let (lengths, codings) = (values("content-length"), values("transfer-encoding"))
        require(lengths.count + codings.count <= 1, "accepted with framing given twice: \(lengths), \(codings)")
        require(codings.allSatisfy { $0 == "chunked" }, "accepted with the coding \(codings)")
        require(facts.isChunked == !codings.isEmpty, "chunked: \(facts.isChunked), plainly \(codings)")
        require(!facts.isChunked || facts.minorVersion == 1, "accepted: chunked in HTTP/1.0")
        if let length = lengths.first {
            let digits = length.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            require(digits && Int(length) == facts.contentLength, "the length is \(facts.contentLength), not \(length)")
        } else {
            require(facts.contentLength == -1, "a length of \(facts.contentLength) that nobody gave")
        }
    }

    private func checkConnection() {
        let options = Set(
            values("connection").flatMap { value in
                value.split(separator: ",").map { String($0).trimmedBlanks }.filter { !$0.isEmpty }
            })
        let known = ["close", "keep-alive", "upgrade"]
        require(facts.options == known.map { options.contains($0) }, "options are \(facts.options), not \(options)")
        if kind == .request {
            require(!options.contains { PlainName.isProtected($0) }, "accepted with Connection naming \(options)")
        }
        for (fact, field) in zip(facts.lines, fields) {
            let isNamed = options.contains(field.name) && !known.contains(field.name)
            require(
                fact.isForThisHop == (isNamed && !PlainName.isProtected(field.name)),
                "for this hop: \(fact.isForThisHop), \(field.name) with Connection naming \(options)")
        }
    }

    private func checkRequest() {
        let hosts = values("host")
        require(hosts.count == 1 || (hosts.isEmpty && facts.minorVersion == 0), "accepted with Hosts \(hosts)")
        for host in hosts {
            let isPlain = host.utf8.allSatisfy { byte in
                PlainText.isToken([byte]) || [UInt8(ascii: ":"), UInt8(ascii: "["), UInt8(ascii: "]")].contains(byte)
            }
            require(!host.isEmpty && isPlain, "accepted with the Host \(host)")
        }
        require(values("authorization").count <= 1, "accepted with Authorization twice")
        require(values("expect").allSatisfy { $0 == "100-continue" }, "accepted with Expect \(values("expect"))")
        require(
            facts.expectsContinue == (!values("expect").isEmpty && facts.minorVersion == 1),
            "expects 100: \(facts.expectsContinue)")
        let places = [place("host"), place("authorization")]
        require(Array(facts.places[..<2]) == places, "Host and Authorization are at \(facts.places), not \(places)")
        require(facts.places[4] == place("te"), "TE is at \(facts.places[4])")
    }
}

extension String {
    fileprivate var trimmedBlanks: String {
        String(decoding: PlainText.trimmed(Array(utf8)[...]), as: UTF8.self)
    }
}
