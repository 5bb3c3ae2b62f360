import FoundationEssentials
import Testing

@testable import Shared

@Suite("Finding and running a sibling program")
struct SiblingProgramTests {
    @Test("A sibling is the file of that name in the folder")
    func found() throws {
        #expect(try SiblingProgram("sh", in: "/bin").path == "/bin/sh")
    }

    @Test("A missing sibling is named with its folder and the mend, as a shell's status 127")
    func missing() {
        #expect {
            try SiblingProgram("postern-nothing", in: "/bin")
        } throws: { error in
            guard let failure = error as? CommandFailure else { return false }
            return failure.status == .notFound && failure.message == "postern-nothing is not in /bin"
                && failure.mend?.contains("one folder") == true
        }
    }

    @Test("A file that cannot be run is named with the mend, as a shell's status 126")
    func notExecutable() {
        #expect {
            try SiblingProgram("passwd", in: "/etc")
        } throws: { error in
            (error as? CommandFailure)?.status == .cannotExecute
        }
    }

    @Test("The folder of the program that runs is an absolute path that exists")
    func ownFolder() throws {
        let folder = try #require(SiblingProgram.ownDirectory)
        #expect(folder.hasPrefix("/"))
        #expect(FileManager.default.fileExists(atPath: folder))
    }

    @Test("A sibling is run with its arguments, and its end is told")
    func run() throws {
        let shell = try SiblingProgram("sh", in: "/bin")
        #expect(try shell.run(arguments: ["-c", "exit $1", "sh", "78"], environment: [:]) == .exited(78))
    }
}
