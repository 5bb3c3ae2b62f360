import ArgumentParser
import FoundationEssentials
import Shared

struct CheckCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check",
        abstract: "Check a configuration: all problems at once, each with file, line and the mend.",
        discussion: """
            Needs no running system and touches no socket. Every process checks what it reads itself: the gateway \
            postern.yaml, services/ and routes/; postern-auth auth.yaml; postern-data data.yaml. The last two are left \
            out where their file is not there.

              postern check
              postern check deploy/tutorial

            \(ExitStatus.help)
            """)

    @OptionGroup var arguments: CheckArguments

    func run() throws {
        let exists = { (file: String) in FileManager.default.fileExists(atPath: "\(arguments.directory)/\(file)") }
        var checks = ConfigurationChecks()
        for program in ConfigurationChecks.programs(inFolderWith: exists) {
            do {
                let end = try SiblingProgram(program).run(
                    arguments: ["check", arguments.directory]
                        + (arguments.credentials.map { ["--credentials", $0] } ?? []))
                checks.record(program, end)
            } catch {
                StandardStream.error.write("postern: \(error)\n")
                checks.record(program, .exited(error.status.rawValue))
            }
        }
        let verdict = checks.verdict(directory: arguments.directory)
        guard checks.status == .ok else {
            StandardStream.error.write("postern: \(verdict)\n")
            throw ExitCode(checks.status.rawValue)
        }
        StandardStream.output.write("\(verdict)\n")
    }
}

/// What the processes said of one configuration, taken together.
struct ConfigurationChecks {
    private(set) var results: [(program: String, end: ChildEnd)] = []

    /// The programs that have a say about a folder: the gateway always, another one if its file is there.
    static func programs(inFolderWith exists: (String) -> Bool) -> [String] {
        ["postern-gateway"]
            + [("auth.yaml", "postern-auth"), ("data.yaml", "postern-data")].filter { exists($0.0) }.map { $0.1 }
    }

    mutating func record(_ program: String, _ end: ChildEnd) { results.append((program, end)) }

    /// The worst of the exit statuses.
    var status: ExitStatus { ExitStatus(rawValue: results.map(\.end.status.rawValue).max() ?? 0) }

    /// The last line of the command: what was checked, or who found something.
    func verdict(directory: String) -> String {
        let unhappy = results.filter { $0.end.status != .ok }
        guard !unhappy.isEmpty else {
            return "\(directory): good (checked by \(results.map(\.program).joined(separator: ", ")))"
        }
        return "\(directory): not good, see above ("
            + unhappy.map { "\($0.program): \($0.end)" }.joined(separator: "; ") + ")"
    }
}
