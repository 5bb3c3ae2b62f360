import FoundationEssentials
import Testing

@Suite("The page on masking")
struct MaskingPageTests {
    /// The blocks of code on the page, by their language.
    private func blocks(_ language: String) throws -> [String] {
        let page = try String(contentsOfFile: "\(Project.folder)/docs/masking.md", encoding: .utf8)
        return page.components(separatedBy: "```\(language)\n").dropFirst().map {
            $0.components(separatedBy: "\n```")[0]
        }
    }

    @Test("Its example holds: these files, this request and this answer give what it says")
    func example() throws {
        let messages = try blocks("http").map { $0.replacing("\n", with: "\r\n") }
        try #require(messages.count == 3)
        let fixture = try GatewayFixture()
        for file in try blocks("yaml") where file.hasPrefix("# ") {
            let name = file.dropFirst(2).prefix { $0 != "\n" }
            try fixture.write(String(name), file)
        }
        let service = try ScriptedService("\(fixture.runFolder)/weather.sock") { _ in messages[1] }
        defer { service.stop() }
        let gateway = try fixture.start()
        let client = try gateway.connect()
        client.send(messages[0] + "\r\n\r\n")
        let answer = try client.response()
        let lines = ([answer.start] + answer.fields.filter { $0.name != "Date" }.map(\.description)).joined(
            separator: "\r\n")
        #expect(lines + "\r\n\r\n" + answer.text == messages[2])
    }

    @Test("The keys that it lists with their defaults are taken")
    func keys() throws {
        let fixture = try GatewayFixture()
        let mask = try #require(try blocks("yaml").first { $0.hasPrefix("mask:") })
        try fixture.write("routes/x.yaml", "service: main\n\(mask)\n")
        let (status, lines) = try RunningProgram.run(program: "postern", ["check", fixture.configuration])
        #expect(status == 0, "\(lines)")
    }
}
