/// The version of all four programs: they are built, tested and installed together.
package enum ProgramVersion {
    /// Semantic version 2.0; the same as the newest heading of CHANGELOG.md.
    package static let number = "0.1.0"

    /// What `--version` prints: the program and its version on one line.
    package static func line(for program: String) -> String { "\(program) \(number)" }
}
