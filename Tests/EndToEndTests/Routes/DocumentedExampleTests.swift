import FoundationEssentials
import Glibc
import Testing

/// The examples of docs/routes.md and docs/credentials.md: the files that stand there, what a client asks, and what the
/// service gets.
@Suite("Examples of the documentation", .serialized)
struct DocumentedExampleTests {
    @Test("what the page says is what happens", arguments: ["routes.md", "credentials.md"])
    func page(name: String) throws {
        let page = try String(contentsOfFile: "\(Project.folder)/docs/\(name)", encoding: .utf8)
        let fixture = try GatewayFixture()
        try fixture.write("services/data.yaml", "instances: unix:main.sock\n")
        for block in blocks("yaml", in: page) {
            let first = block.prefix { $0 != "\n" }
            guard first.hasPrefix("# "), first.hasSuffix(".yaml") else { continue }
            try fixture.write(String(first.dropFirst(2)), block)
        }
        for match in page.matches(of: /printf %s '(.*)' > credentials\/(\S+)/) {
            let file = "credentials/\(match.2)"
            try fixture.folder.write(String(match.1), to: file)
            try #require(unsafe chmod("\(fixture.folder.path)/\(file)", 0o600) == 0)
        }
        try fixture.folder.makeFolder("credentials")
        let service = try ScriptedService("\(fixture.runFolder)/weather.sock") { _ in Answer.ok("ok") }
        defer { service.stop() }
        let gateway = try fixture.start("--credentials", "\(fixture.folder.path)/credentials")

        let exchanges = blocks("http", in: page)
        try #require(exchanges.count >= 2 && exchanges.count % 2 == 0)
        for index in stride(from: 0, to: exchanges.count, by: 2) {
            let asked = lines(exchanges[index])
            let stream = try gateway.connect()
            stream.send(asked.joined(separator: "\r\n") + "\r\n\r\n")
            #expect(try stream.response().status == 200)
            let seen = try #require(service.record.value.requests.last)
            let expected = lines(exchanges[index + 1])
            #expect(seen.start == expected.first)
            for line in expected.dropFirst() {
                let parts = line.split(separator: ":", maxSplits: 1)
                let value = parts[1].drop { $0 == " " }
                // Three periods stand for what differs from request to request.
                if value == "..." {
                    #expect(seen[String(parts[0])].count == 1, "\(line)")
                } else {
                    #expect(seen[String(parts[0])] == [String(value)], "\(line)")
                }
            }
            #expect(seen.fields.count == expected.count - 1, "\(seen.fields)")
        }
    }

    private func blocks(_ language: String, in page: String) -> [String] {
        page.components(separatedBy: "```\(language)\n").dropFirst().map { $0.components(separatedBy: "```")[0] }
    }

    private func lines(_ block: String) -> [String] {
        block.split(separator: "\n").map(String.init)
    }
}
