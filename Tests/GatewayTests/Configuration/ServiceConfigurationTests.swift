import Testing

@testable import Gateway
@testable import Shared

@Suite("Files in services/")
struct ServiceConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    @Test("a service has the name of its file, and one instance or a list")
    func names() throws {
        try configuration.folder.write("instances: [unix:a.sock, unix:b.sock]\n", to: "services/other.yaml")
        let services = try configuration.load().services
        #expect(services.map(\.name) == ["data", "other"])
        #expect(services.map(\.instances.count) == [1, 2])
        #expect(services[1].file == configuration.folder["services/other.yaml"])
    }

    @Test(
        "what is wrong is said with its place and the mend",
        arguments: [
            ("", "services/data.yaml: `instances` is missing. Add it, for example: `instances: unix:/run/data.sock`."),
            (
                "instances:\n",
                "services/data.yaml:1:1: `instances` has no value. "
                    + "Give it one (an address), or take the line out."
            ),
            (
                "instances: []\n",
                "services/data.yaml:1:12: `instances` has too few items (0). Write 1 at least, or take the key out."
            ),
            (
                "instances: unix:a.sock\nurl: https://x\n",
                "services/data.yaml:2:1: `url` is not a known key. Known keys here: instances, mask."
            ),
            ("- a\n", "services/data.yaml:1:1: the file must be a mapping, not a list. Write `key: value` lines."),
        ])
    func problems(text: String, problem: String) throws {
        #expect(try configuration.problems("services/data.yaml", text) == [problem])
    }
}
