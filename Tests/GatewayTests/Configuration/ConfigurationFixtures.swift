import Testing

@testable import Gateway
@testable import Shared

/// A folder of configuration that is good, for a test to spoil.
struct TestConfiguration {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write("listen: 127.0.0.1:3000\nverify: unix:auth/verify.sock\n", to: "postern.yaml")
        try folder.write("instances: unix:data/*.sock\n", to: "services/data.yaml")
        try folder.write("service: data\n", to: "routes/index.yaml")
    }

    func load() throws -> GatewayConfiguration {
        try GatewayConfiguration.load(directory: folder.path, runDirectory: "/run/postern", credentials: .unread())
    }

    /// What is wrong, as a person reads it, the folder's path left out.
    func problems() -> [String] {
        do {
            _ = try load()
            return []
        } catch let error as ConfigurationError {
            return error.problems.map { $0.description.replacing(folder.path + "/", with: "") }
        } catch {
            return ["\(error)"]
        }
    }

    /// What is wrong once `text` is the content of the file `name`.
    func problems(_ name: String, _ text: String) throws -> [String] {
        try folder.write(text, to: name)
        return problems()
    }
}
