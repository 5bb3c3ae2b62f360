import FoundationEssentials
import Shared
import Testing

/// The files that a page of the documentation shows: its YAML blocks whose first line names a file.
struct DocumentedFiles {
    let files: [(name: String, text: String)]

    init(page: String) throws {
        let text = String(
            decoding: try Data(contentsOf: URL(filePath: "\(Project.folder)/docs/\(page)")), as: UTF8.self)
        var files: [(name: String, text: String)] = []
        for block in text.components(separatedBy: "```yaml\n# ").dropFirst() {
            let body = block.components(separatedBy: "\n```")[0]
            let lines = body.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
            guard lines.count == 2, lines[0].hasSuffix(".yaml") else { continue }
            files.append((String(lines[0]), lines[1] + "\n"))
        }
        self.files = files
    }

    /// Writes them all into one configuration, over what there is.
    func write(to fixture: GatewayFixture) throws {
        for (name, text) in files { try fixture.write(name, text.replacing("127.0.0.1:3000", with: "127.0.0.1:0")) }
    }
}

@Suite("The examples of the documentation")
struct ExampleTests {
    private let fixture: GatewayFixture

    init() throws {
        fixture = try GatewayFixture()
        try fixture.write("services/data.yaml", "instances: unix:main.sock\n")
    }

    @Test("Routes without a service, rates and pages of other origins do what their page says")
    func routes() throws {
        let files = try DocumentedFiles(page: "routes.md")
        #expect(files.files.count >= 6)
        try files.write(to: fixture)
        let main = try ScriptedService(fixture.mainSocket) { _ in Answer.ok("main") }
        defer { main.stop() }
        let gateway = try fixture.start()
        #expect(try gateway.request("GET", "/old/7?x=1")["Location"] == ["/new/7?x=1"])
        let manual = try gateway.request("GET", "/manual/a/b?x=1")
        #expect(manual.status == 302 && manual["Location"] == ["https://docs.example/v2/a/b"])
        #expect(try gateway.request("GET", "/robots.txt").text == "User-agent: *\nDisallow: /\n")
        #expect(try gateway.request("GET", "/status").text == #"{"status":"up","retry":null}"#)
        #expect(try gateway.request("GET", "/search").status == 401)
        let preflight = try gateway.request(
            "OPTIONS", "/app/x", fields: ["Origin: https://a.example.org", "Access-Control-Request-Method: POST"])
        #expect(preflight.status == 204)
        #expect(preflight["Access-Control-Allow-Origin"] == ["https://a.example.org"])
        #expect(preflight["Access-Control-Max-Age"] == ["600"])
    }

    @Test(
        "The services of the pages on balancing and health are taken as they stand",
        arguments: ["balancing.md", "health.md"])
    func instances(page: String) throws {
        let files = try DocumentedFiles(page: page)
        #expect(files.files.count == 2)
        try files.write(to: fixture)
        try fixture.folder.remove("config/routes/members")
        let check = try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration])
        #expect(check.status == 0, "\(check.lines)")
    }

    @Test("The egress page's configuration is one that is taken")
    func egress() throws {
        let files = try DocumentedFiles(page: "egress.md")
        #expect(files.files.map(\.name) == ["postern.yaml", "services/issuer.yaml", "egress/issuer-keys.yaml"])
        try files.write(to: fixture)
        try fixture.folder.remove("config/routes/members")
        let check = try RunningProgram.run(program: "postern-gateway", ["check", fixture.configuration])
        #expect(check.status == 0, "\(check.lines)")
    }

    @Test("The passwords page's configuration is one that is taken")
    func passwords() throws {
        let files = try DocumentedFiles(page: "passwords.md")
        #expect(files.files.map(\.name) == ["auth.yaml"])
        try files.write(to: fixture)
        let check = try RunningProgram.run(program: "postern-auth", ["check", fixture.configuration])
        #expect(check.status == 0, "\(check.lines)")
    }
}
