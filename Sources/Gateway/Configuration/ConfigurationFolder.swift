import FoundationEssentials
import Shared

/// Folders of configuration files: what counts as a file, and what is passed over.
enum ConfigurationFolder {
    /// The paths of the `.yaml` files below `folder`, relative and without their ending, sorted. Hidden files and
    /// editors' backups are passed over; anything else is a problem, so that no file is forgotten in silence.
    static func files(in folder: String, problems: ConfigurationProblems) -> [String] {
        var found: [String] = []
        collect(folder, below: "", into: &found, problems)
        return found.sorted()
    }

    private static func collect(
        _ folder: String, below path: String, into found: inout [String], _ problems: ConfigurationProblems
    ) {
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
                collect(whole, below: path + name + "/", into: &found, problems)
            } else if name.hasPrefix("_") {
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

    private static func isFolder(_ path: String) -> Bool {
        var isFolder = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder
    }
}
