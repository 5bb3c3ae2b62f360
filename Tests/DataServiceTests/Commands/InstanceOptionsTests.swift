import ArgumentParser
import Testing

@testable import DataService

@Suite("Instance name")
struct InstanceOptionsTests {
    @Test("a name that may stand in a path is taken", arguments: ["1", "a", "blue-2", "a_b.c", "A9"])
    func good(name: String) throws { #expect(try InstanceOptions.parse(["--instance", name]).name == name) }

    @Test("the first instance needs no name")
    func standard() throws { #expect(try InstanceOptions.parse([]).name == "1") }

    @Test(
        "a name that would leave its folder, hide in it, or not fit is refused",
        arguments: [
            "", ".", "..", ".a", "a/b", "../a", "a b", "é", "a\u{0}", "{instance}", String(repeating: "a", count: 41),
        ])
    func bad(name: String) {
        #expect(throws: (any Error).self) { try InstanceOptions.parse(["--instance", name]) }
    }
}
