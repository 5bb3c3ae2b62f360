package import ArgumentParser

/// Where a copy of a store goes.
package struct BackupArguments: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp("The file that the copy becomes; made with mode 0600.", valueName: "file"),
        completion: .file())
    package var file: String

    @Flag(help: "Replace the file, if there is one.")
    package var force = false

    package init() {}

    package func validate() throws {
        if file.isEmpty || file.utf8.contains(0) { throw ValidationError("Name the file that the copy becomes.") }
        if file.hasSuffix("/") { throw ValidationError("\(file) is a folder. Name the file that the copy becomes.") }
    }
}
