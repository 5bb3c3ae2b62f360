import FoundationEssentials
import Shared

/// The process that listens on a TCP port, as far as /proc tells: to a user of their own processes, to root of all.
struct PortHolder: Equatable, CustomStringConvertible {
    let name: String
    let processID: Int32

    var description: String { "\(name) (process \(processID))" }

    /// Who listens on `port`; nil when nobody does or it cannot be told.
    static func find(port: UInt16) -> PortHolder? {
        let inodes = Set(listening().filter { $0.port == port }.map(\.inode))
        guard !inodes.isEmpty else { return nil }
        for process in (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? [] {
            guard let processID = Int32(process), !sockets(of: processID).isDisjoint(with: inodes) else { continue }
            let name = read("/proc/\(process)/comm")?.split(separator: "\n").first.map(String.init)
            return PortHolder(name: name ?? "a process", processID: processID)
        }
        return nil
    }

    /// The TCP ports on which `processID` listens.
    static func ports(of processID: Int32) -> [UInt16] {
        let held = sockets(of: processID)
        return listening().filter { held.contains($0.inode) }.map(\.port)
    }

    private static func listening() -> [ListeningSocketTable.Entry] {
        ["/proc/net/tcp", "/proc/net/tcp6"].flatMap { ListeningSocketTable(read($0) ?? "").entries }
    }

    private static func sockets(of processID: Int32) -> Set<UInt64> {
        let folder = "/proc/\(processID)/fd"
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
        return Set(
            names.compactMap { name in
                guard let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "\(folder)/\(name)"),
                    target.hasPrefix("socket:["), target.hasSuffix("]")
                else { return nil }
                return UInt64(target.dropFirst("socket:[".count).dropLast())
            })
    }

    /// Files of /proc have no size: they are read to their end.
    private static func read(_ path: String) -> String? {
        FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
    }
}
