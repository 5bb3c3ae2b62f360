import ArgumentParser
import Shared
import Testing

@testable import DataService

@Suite("postern-data check")
struct CheckCommandTests {
    private func check(_ text: String) throws -> CommandFailure? {
        let folder = try TemporaryFolder()
        try folder.write(text, to: "data.yaml")
        do {
            let command = try CheckCommand.parse([folder.path])
            try command.run()
            return nil
        } catch let failure as CommandFailure {
            return failure
        }
    }

    @Test("a good file passes, though its store and its users are not here")
    func good() throws {
        let failure = try check(
            "listen: unix:data/{instance}.sock\nstore: sqlite:/no/such/folder/d.db\nallow_users: [no-such-user]\n")
        #expect(failure == nil)
    }

    @Test("a bad file ends with the status of a wrong configuration, and every problem on a line of its own")
    func bad() throws {
        let failure = try #require(try check("listen: 80\nsede: tutorial\n"))
        #expect(failure.status == .configuration)
        let lines = failure.message.split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.contains("data.yaml") })
    }
}
