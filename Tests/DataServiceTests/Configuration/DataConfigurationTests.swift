import Shared
import Testing

@testable import DataService

@Suite("data.yaml")
struct DataConfigurationTests {
    private static let context = DataConfiguration.Context(
        runDirectory: "/run/p", stateDirectory: "/state", instance: "7")

    private func read(_ text: String) throws(ConfigurationError) -> DataConfiguration {
        let reader = ConfigurationReader(text: text, file: "data.yaml", problems: ConfigurationProblems())
        return try DataConfiguration.read(reader, context: Self.context)
    }

    private func problems(_ text: String) -> [String] {
        do throws(ConfigurationError) {
            _ = try read(text)
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("relative paths are below the folders that the process was given")
    func relative() throws {
        let configuration = try read("listen: unix:data/{instance}.sock\nstore: sqlite:data.db\nseed: tutorial\n")
        #expect(configuration.listen == .unix(path: "/run/p/data/7.sock"))
        #expect(configuration.store == "/state/data.db")
        #expect(configuration.seed == .tutorial)
        #expect(configuration.allowedUsers == nil)
    }

    @Test("absolute paths stay, and nothing is seeded unless told to")
    func absolute() throws {
        let configuration = try read("listen: unix:/srv/d.sock\nstore: sqlite:/srv/d.db\nallow_users: [0, web]\n")
        #expect(configuration.listen == .unix(path: "/srv/d.sock"))
        #expect(configuration.store == "/srv/d.db")
        #expect(configuration.seed == .none)
        #expect(configuration.allowedUsers?.map(\.text) == ["0", "web"])
    }

    @Test("both keys that must be there are missed at once, each with an example")
    func missing() {
        let found = problems("seed: none\n")
        #expect(found.count == 2)
        #expect(found.contains { $0.contains("`listen` is missing") && $0.contains("unix:data/{instance}.sock") })
        #expect(found.contains { $0.contains("`store` is missing") && $0.contains("sqlite:data.db") })
    }

    @Test(
        "a wrong value is said with its line",
        arguments: [
            ("listen: 127.0.0.1:80\nstore: sqlite:d", "data.yaml:1:9: `listen` must be a Unix socket"),
            ("listen: [unix:a]\nstore: sqlite:d", "data.yaml:1:9: `listen` must be a Unix socket"),
            ("listen: unix:{name}.sock\nstore: sqlite:d", "data.yaml:1:9: `listen` has an unknown placeholder"),
            ("listen: unix:a\nstore: postgres:d", "data.yaml:2:8: `store` must be a store"),
            ("listen: unix:a\nstore: 'sqlite:'", "data.yaml:2:8: `store` must be a store"),
            ("listen: unix:a\nstore: sqlite://h/d", "data.yaml:2:8: `store` must be a store"),
            ("listen: unix:a\nstore: sqlite:d/", "data.yaml:2:8: `store` must be a store"),
            ("listen: unix:a\nstore: sqlite:d\nseed: tutorail", "data.yaml:3:7: `seed` must be one of: none, tutorial"),
            ("listen: unix:a\nstore: sqlite:d\nallow_users: []", "data.yaml:3:14: `allow_users`"),
            ("listen: unix:a\nstore: sqlite:d\nsed: none", "data.yaml:3:1: `sed` is not a known key"),
        ])
    func wrong(text: String, expected: String) {
        let found = problems(text)
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix(expected) == true, "\(found)")
    }

    @Test("a socket path that is too long for the system is refused before anything is bound")
    func longPath() {
        let found = problems("listen: unix:\(String(repeating: "a", count: 200))\nstore: sqlite:d\n")
        #expect(found.count == 1)
        #expect(found.first?.contains("data.yaml:1:9") == true)
    }

    @Test("the demo configuration is good")
    func demo() throws {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let configuration = try DataConfiguration.load(from: "/\(root)/deploy/tutorial", context: Self.context)
        #expect(configuration.seed == .tutorial)
        #expect(configuration.listen == .unix(path: "/run/p/data/7.sock"))
    }
}
