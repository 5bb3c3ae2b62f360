// Unsafe code: realpath(3) returns memory that is to be freed.
import FoundationEssentials
import Glibc
import Shared

/// Folders of configuration files: what counts as a file, and what is passed over.
enum ConfigurationFolder {
    /// The paths of the `.yaml` files below `folder`, relative and without their ending, sorted. Hidden files and
    /// editors' backups are passed over; anything else is a problem, so that no file is forgotten in silence.
    /// - Parameters:
    ///   - reserved: names with an underscore, without their ending, that have a meaning in this folder.
    ///   - hidden: folders right in this one that are read although their names begin with a period.
    static func files(
        in folder: String, reserved: [String] = [], hidden: [String] = [], problems: ConfigurationProblems
    ) -> [String] {
        var found: [String] = []
        collect(folder, below: "", above: [], reserved, into: &found, problems)
        for name in hidden where isFolder("\(folder)/\(name)") {
            collect("\(folder)/\(name)", below: name + "/", above: [resolve(folder)], reserved, into: &found, problems)
        }
        return found.sorted()
    }

    private static func collect(
        _ folder: String, below path: String, above: [String], _ reserved: [String], into found: inout [String],
        _ problems: ConfigurationProblems
    ) {
        let resolved = resolve(folder)
        guard !above.contains(resolved) else {
            problems.report(
                ConfigurationPlace(file: folder), "the link leads to a folder that it is in", mend: "Remove the link.")
            return
        }
        let names: [String]
        do {
            names = try FileManager.default.contentsOfDirectory(atPath: folder)
        } catch {
            problems.report(
                ConfigurationPlace(file: folder), "the folder cannot be read",
                mend: "Create it, or give the user who runs this the right to read it.")
            return
        }
        for name in names.sorted() where !name.hasPrefix(".") && !name.hasSuffix("~") {
            let whole = "\(folder)/\(name)"
            if isFolder(whole) {
                collect(whole, below: path + name + "/", above: above + [resolved], reserved, into: &found, problems)
            } else if name.hasPrefix("_"), !reserved.contains(where: { name == $0 + ".yaml" }) {
                problems.report(
                    ConfigurationPlace(file: whole), "names that begin with an underscore are reserved",
                    mend: "Give the file another name.")
            } else if name.hasSuffix(".yaml") {
                found.append(path + name.dropLast(5))
            } else {
                problems.report(
                    ConfigurationPlace(file: whole), "the name does not end in .yaml",
                    mend: "Rename it, or move it out of the folder.")
            }
        }
    }

    /// The path without links; as it is where it cannot be told.
    private static func resolve(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    static func exists(_ path: String) -> Bool { isFolder(path) }

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
