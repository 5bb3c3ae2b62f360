import FoundationEssentials
import Shared

/// `hosts/`: a folder for each host that has routes of its own, with `routes/` in it.
enum HostsFolder {
    /// Reads all; nil without the folder.
    static func read(_ folder: String, _ context: RouteContext) -> HostTrees? {
        guard FileManager.default.fileExists(atPath: folder) else { return nil }
        let hosts = names(in: folder, context.problems).compactMap { name -> HostTrees.Host? in
            if let refusal = refusal(of: name) {
                context.problems.report(
                    ConfigurationPlace(file: "\(folder)/\(name)"), refusal.message, mend: refusal.mend)
                return nil
            }
            for other in names(in: "\(folder)/\(name)", context.problems) where other != "routes" {
                context.problems.report(
                    ConfigurationPlace(file: "\(folder)/\(name)/\(other)"), "the folder of a host holds `routes` alone",
                    mend: "Move it out; what holds for all routes of a host is in routes/_defaults.yaml.")
            }
            return RouteFolder.read("\(folder)/\(name)/routes", context).map { HostTrees.Host(name: name, tree: $0) }
        }
        return HostTrees(hosts)
    }

    private static func names(in folder: String, _ problems: ConfigurationProblems) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
                .filter { !$0.hasPrefix(".") && !$0.hasSuffix("~") }
        } catch {
            problems.report(
                ConfigurationPlace(file: folder), "the folder cannot be read",
                mend: "Make it a folder that the user who runs this may read.")
            return []
        }
    }

    /// Why no `Host` is ever this name.
    private static func refusal(of name: String) -> (message: String, mend: String)? {
        if name.hasPrefix("["), name.hasSuffix("]"), name.count > 3,
            name.dropFirst().dropLast().utf8.allSatisfy({ "0123456789abcdef:.".utf8.contains($0) })
        {
            return nil
        }
        let shown = LogText.quoted(name, limit: 80)
        guard name.utf8.allSatisfy({ $0 < 128 }) else {
            return (
                "\(shown) is not in ASCII",
                "Write the form that DNS carries, whose parts begin with xn-- (`idn NAME` tells it)."
            )
        }
        guard name == name.lowercased() else {
            return ("\(shown) has capital letters", "Write it in small letters; requests may write it in any.")
        }
        if name.hasSuffix(".") { return ("\(shown) ends in a period", "Take it out; it stands for both spellings.") }
        if name.contains(":") { return ("\(shown) has a port", "Take it out; a host is its name on all ports.") }
        let labels = (name.hasPrefix("*.") ? name.dropFirst(2) : name[...])
            .split(separator: ".", omittingEmptySubsequences: false)
        guard name.utf8.count <= 253, labels.allSatisfy(isLabel) else {
            return (
                "\(shown) is no name of a host",
                "A name has letters, digits and hyphens, in parts of 63 at most; `*.` at its beginning stands for any."
            )
        }
        return nil
    }

    private static func isLabel(_ label: Substring) -> Bool {
        guard (1...63).contains(label.utf8.count), !label.hasPrefix("-"), !label.hasSuffix("-") else { return false }
        return label.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x2D || byte == 0x5F
        }
    }
}
