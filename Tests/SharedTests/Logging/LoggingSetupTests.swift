import CSystemd
import Glibc
import Testing

@testable import Shared

@Suite("logging setup")
struct LoggingSetupTests {
    @Test(
        "colour is for a terminal, unless NO_COLOR says something",
        arguments: [
            (true, nil as String?, true), (true, "", true), (true, "1", false), (true, "0", false), (false, nil, false),
        ])
    func colour(isTerminal: Bool, noColor: String?, isColoured: Bool) {
        #expect(LoggingSetup.isColourWanted(isTerminal: isTerminal, noColor: noColor) == isColoured)
    }

    @Test("a stream is the journal's when JOURNAL_STREAM names its device and inode")
    func journalStream() async {
        // In a process of its own, whose environment nobody else reads.
        await #expect(processExitsWith: .success) {
            var pipes: [Int32] = [-1, -1]
            try #require(unsafe Glibc.pipe(&pipes) == 0)
            var status = stat()
            try #require(unsafe fstat(pipes[1], &status) == 0)
            setEnvironment("JOURNAL_STREAM", "\(status.st_dev):\(status.st_ino)")
            #expect(postern_systemd_is_journal(pipes[1]))
            for other in ["\(status.st_dev):\(status.st_ino + 1)", "\(status.st_dev):\(status.st_ino)x", "", "1"] {
                setEnvironment("JOURNAL_STREAM", other)
                #expect(!postern_systemd_is_journal(pipes[1]))
            }
            setEnvironment("JOURNAL_STREAM", nil)
            #expect(!postern_systemd_is_journal(pipes[1]))
        }
    }
}
