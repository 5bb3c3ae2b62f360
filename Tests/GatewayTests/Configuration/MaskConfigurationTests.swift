import Testing

@testable import Gateway
@testable import Shared

@Suite("`mask` of services and routes")
struct MaskConfigurationTests {
    private let configuration: TestConfiguration

    init() throws { configuration = try TestConfiguration() }

    private func mask() throws -> MaskConfiguration {
        try #require(try configuration.load().routes.routes.first).value.mask
    }

    @Test("without it bodies and errors pass, nothing is audited, and what nobody can reach is dropped")
    func defaults() throws {
        let mask = try mask()
        #expect(mask == MaskConfiguration())
        #expect(!mask.body && mask.errors == .pass && mask.audit == .off && mask.unreachable == .drop)
        #expect(mask.keep.isEmpty)
    }

    @Test("the route's word goes before the service's, key by key")
    func layers() throws {
        try configuration.folder.write(
            "instances: unix:a.sock\nmask: {body: true, errors: replace, keep: [Server-Timing]}\n",
            to: "services/data.yaml")
        try configuration.folder.write(
            "service: data\nmask: {body: false, audit: block, unreachable: refuse}\n", to: "routes/index.yaml")
        let mask = try mask()
        #expect(!mask.body && mask.errors == .replace && mask.audit == .block && mask.unreachable == .refuse)
        #expect(mask.keep == ["server-timing"])
    }

    @Test("an empty list keeps nothing, also where the service keeps something")
    func emptyList() throws {
        try configuration.folder.write(
            "instances: unix:a.sock\nmask: {keep: [Server]}\n", to: "services/data.yaml")
        try configuration.folder.write("service: data\nmask: {keep: []}\n", to: "routes/index.yaml")
        #expect(try mask().keep.isEmpty)
    }

    @Test(
        "what cannot be meant is a problem with its mend",
        arguments: [
            ("mask: {boddy: true}", "`mask.boddy` is not a known key"),
            ("mask: {body: yes}", "`mask.body` must be true or false"),
            ("mask: {errors: hide}", "`mask.errors` must be one of: pass, replace"),
            ("mask: {audit: blok}", "Did you mean `block`?"),
            ("mask: {unreachable: pass}", "`mask.unreachable` must be one of: drop, refuse"),
            ("mask: {keep: [a b]}", "'a b' is no name of a field"),
            ("mask: {keep: [Connection]}", "'Connection' cannot be kept"),
            ("mask: {keep: [Postern-User]}", "'Postern-User' cannot be kept"),
            ("mask: on", "`mask` must be a mapping"),
        ])
    func problems(_ text: String, _ expected: String) throws {
        let route = try configuration.problems("routes/index.yaml", "service: data\n\(text)\n")
        #expect(route.count == 1 && route[0].contains(expected) && route[0].contains("routes/index.yaml:2"), "\(route)")
        try configuration.folder.write("service: data\n", to: "routes/index.yaml")
        let service = try configuration.problems("services/data.yaml", "instances: unix:a.sock\n\(text)\n")
        #expect(service.count == 1 && service[0].contains(expected), "\(service)")
    }
}
