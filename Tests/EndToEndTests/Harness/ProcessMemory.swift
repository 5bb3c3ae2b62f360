import FoundationEssentials
import Testing

/// What the kernel says of a process's memory (proc(5)).
enum ProcessMemory {
    /// The most resident memory that it has had, in bytes.
    static func peak(of program: RunningProgram) throws -> Int { try field("VmHWM", program) }

    /// What it has resident now, in bytes.
    static func resident(_ program: RunningProgram) throws -> Int { try field("VmRSS", program) }

    /// Descriptors that it has open.
    static func descriptors(of program: RunningProgram) throws -> Int {
        try FileManager.default.contentsOfDirectory(atPath: "/proc/\(program.processID)/fd").count
    }

    private static func field(_ name: String, _ program: RunningProgram) throws -> Int {
        let data = try Data(contentsOf: URL(filePath: "/proc/\(program.processID)/status"))
        let lines = String(decoding: data, as: UTF8.self).split(separator: "\n")
        let line = try #require(lines.first { $0.hasPrefix("\(name):") })
        let match = try #require(line.firstMatch(of: /(\d+) kB/))
        return try #require(Int(match.1)) * 1024
    }
}
