import FoundationEssentials
import Testing

@Suite("The page on outside services")
struct OutsidePageTests {
    /// The blocks of YAML in docs/outside.md that name their file in a comment.
    private func files() throws -> [String: String] {
        let page = try String(contentsOfFile: "\(Project.folder)/docs/outside.md", encoding: .utf8)
        var files: [String: String] = [:]
        for block in page.split(separator: "```yaml\n").dropFirst() {
            let text = String(block.prefix(upTo: try #require(block.firstRange(of: "```")).lowerBound))
            guard text.hasPrefix("# "), let end = text.firstIndex(of: "\n") else { continue }
            files[String(text[text.index(text.startIndex, offsetBy: 2)..<end])] = text
        }
        return files
    }

    @Test("its example does what it says")
    func example() throws {
        let files = try files()
        #expect(files.keys.sorted() == ["routes/api/weather/[city].yaml", "services/weather.yaml"])
        let certificates = try CertificateFolder()
        try certificates.certificate("server", for: "api.weather.example")
        let server = try HTTPSServer(certificates)
        let fixture = try OutsideFixture("url: http://127.0.0.1:9\n")
        fixture.dns["api.weather.example"] = .addresses(["127.0.0.1"], ttl: 60)
        for (name, text) in files {
            // What a test must change: its port, its authority, and that it is on this host.
            var text = text.replacing("weather.example/v1", with: "weather.example:\(server.port)/v1")
            if name.hasPrefix("services/") {
                text += "tls: {ca: \(certificates.path("ca.pem"))}\nallow_private: true\n"
            }
            try fixture.gateway.write(name, text)
        }
        try fixture.gateway.folder.write("the-key", to: "credentials/weather-key")
        try FileManager.default.setAttributes(
            [.posixPermissions: 0o600], ofItemAtPath: "\(fixture.gateway.folder.path)/credentials/weather-key")
        let gateway = try RunningGateway(
            fixture.gateway, ["--credentials", "\(fixture.gateway.folder.path)/credentials"])
        let answer = try gateway.request(
            "GET", "/api/weather/Bonn", fields: ["Cookie: a=b", "Authorization: Bearer mine"])
        #expect(answer.status == 200)
        let seen = try #require(server.requests.first)
        #expect(seen.contains("| GET /v1/current/Bonn HTTP/1.1 |"))
        #expect(seen.contains("'X-Api-Key': 'the-key'"))
        #expect(seen.contains("'Host': 'api.weather.example:\(server.port)'"))
        for name in ["Cookie", "Authorization", "X-Forwarded", "X-Request-Id"] { #expect(!seen.contains(name)) }
    }
}
