import Shared
import Testing

/// Waits for the end of processes that are no children of ours.
struct ProcessWatch {
    private let program: RunningProgram

    /// pidfd_open(2), system call 434, which Swift does not see; perl-base is on every Debian. A process that nobody
    /// has waited for yet has ended too.
    private static let script = #"""
        $| = 1;
        my @watched = map { my $fd = syscall(434, $_ + 0, 0); die "$_: $!" if $fd < 0; $fd } @ARGV;
        print "watching\n";
        for my $fd (@watched) { my $set = ""; vec($set, $fd, 1) = 1; select $set, undef, undef, undef }
        """#

    init(_ processIDs: [Int32]) throws {
        program = try RunningProgram("/usr/bin/perl", ["-e", Self.script] + processIDs.map { "\($0)" })
        try program.line { $0 == "watching" }
    }

    func waitForEnd() throws {
        #expect(try program.end() == .exited(0))
    }
}
