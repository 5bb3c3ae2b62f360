import Shared
import Testing

@testable import Postern

@Suite("What the processes say of a configuration, taken together")
struct ConfigurationChecksTests {
    @Test("The gateway is always asked, the others where their file is there")
    func programs() {
        #expect(ConfigurationChecks.programs(inFolderWith: { _ in false }) == ["postern-gateway"])
        #expect(
            ConfigurationChecks.programs(inFolderWith: { $0 == "auth.yaml" || $0 == "data.yaml" })
                == ["postern-gateway", "postern-auth", "postern-data"])
    }

    @Test("All good is status 0")
    func good() {
        var checks = ConfigurationChecks()
        checks.record("postern-gateway", .exited(0))
        checks.record("postern-auth", .exited(0))
        #expect(checks.status == .ok)
        #expect(checks.verdict(directory: "d") == "d: good (checked by postern-gateway, postern-auth)")
    }

    @Test("The worst status counts, and who gave one is named")
    func worst() {
        var checks = ConfigurationChecks()
        checks.record("postern-gateway", .exited(78))
        checks.record("postern-auth", .exited(0))
        checks.record("postern-data", .killed(signal: 11))
        #expect(checks.status == .signal(11))
        let verdict = checks.verdict(directory: "d")
        #expect(verdict.contains("postern-gateway: exit status 78; postern-data: killed by signal 11"))
        #expect(!verdict.contains("postern-auth"))
    }
}
