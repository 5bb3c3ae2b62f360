import Testing

@testable import Shared

@Suite("configuration problem")
struct ConfigurationProblemTests {
    @Test("reads FILE:LINE:COLUMN: what is wrong. The mend.")
    func form() {
        #expect(
            ConfigurationProblem(file: "a.yaml", line: 3, column: 5, message: "wrong", mend: "Mend it.").description
                == "a.yaml:3:5: wrong. Mend it.")
        #expect(ConfigurationProblem(file: "a.yaml", line: 3, message: "wrong").description == "a.yaml:3: wrong.")
        #expect(ConfigurationProblem(file: "a.yaml", column: 5, message: "wrong").description == "a.yaml: wrong.")
    }

    @Test("all of them are said by file and line")
    func order() {
        let error = ConfigurationError([
            ConfigurationProblem(file: "b", line: 1, message: "3"),
            ConfigurationProblem(file: "a", line: 2, message: "2"),
            ConfigurationProblem(file: "a", message: "1"),
        ])
        #expect(error.description == "a: 1.\na:2: 2.\nb:1: 3.")
    }

    @Test("a collector throws when something was found, and not before")
    func collector() throws {
        let problems = ConfigurationProblems()
        try problems.throwIfAny()
        problems.report(ConfigurationPlace(file: "a"), "wrong")
        let error = #expect(throws: ConfigurationError.self) { try problems.throwIfAny() }
        #expect(error?.description == "a: wrong.")
    }
}
