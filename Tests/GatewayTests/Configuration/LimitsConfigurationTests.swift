import FoundationEssentials
import Testing

@testable import Gateway
@testable import Shared

@Suite("The limits of postern.yaml")
struct LimitsConfigurationTests {
    /// Key and default of each row of the table of limits in docs/configuration.md.
    private func documented() throws -> [(key: String, value: String)] {
        let root = #filePath.split(separator: "/").dropLast(4).joined(separator: "/")
        let text = String(
            decoding: try Data(contentsOf: URL(filePath: "/\(root)/docs/configuration.md")), as: UTF8.self)
        let start = try #require(text.firstRange(of: "\n`limits` (")).upperBound
        let table = text[start...].prefix(upTo: try #require(text[start...].firstRange(of: "\n## ")).lowerBound)
        return table.matches(of: /\n\| `([a-z_]+)` \|.*\| `([^`]+)` \|/).map { (String($0.1), String($0.2)) }
    }

    @Test("each is documented with the default that it has")
    func defaults() throws {
        let rows = try documented()
        #expect(
            rows.map(\.key).sorted() == [
                "body_deadline", "body_rate", "connections", "connections_per_client", "field", "fields", "head",
                "head_deadline", "idle", "rate_keys", "request_line", "requests", "tunnel_idle", "write_deadline",
                "write_rate",
            ])
        let lines = rows.map { "  \($0.key): \($0.value)\n" }.joined()
        let configuration = try TestConfiguration()
        try configuration.folder.write("listen: '*:1'\nlimits:\n\(lines)", to: "postern.yaml")
        let main = try configuration.load().main
        #expect(main.limits == ServerLimits())
        #expect(main.rateKeys == RateLimiter.defaultKeys)
    }
}
