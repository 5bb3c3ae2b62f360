package import ArgumentParser

/// Where a process keeps what it makes: sockets, stores; and where its secrets lie.
package struct RuntimeOptions: ParsableArguments, Sendable {
    @Option(
        name: .customLong("run"),
        help: ArgumentHelp("The folder for sockets.", valueName: "dir"), completion: .directory)
    package var runDirectory: String = "/run/postern"

    @Option(
        name: .customLong("state"),
        help: ArgumentHelp("The folder for what must outlive a restart.", valueName: "dir"), completion: .directory)
    package var stateDirectory: String = "/var/lib/postern"

    @Option(
        name: .customLong("credentials"),
        help: ArgumentHelp(
            "The folder of secrets, a file each (default: $CREDENTIALS_DIRECTORY, which systemd sets).",
            valueName: "dir"),
        completion: .directory)
    package var credentials: String?

    /// For a process that `postern up` started: it must not outlive it.
    @Flag(name: .customLong("die-with-parent"), help: .hidden)
    package var diesWithParent = false

    package init() {}

    package func validate() throws {
        for (name, value) in [
            ("--run", runDirectory), ("--state", stateDirectory), ("--credentials", credentials ?? "-"),
        ]
        where value.isEmpty {
            throw ValidationError("\(name) is empty. Name a folder.")
        }
    }

    /// The folder of credentials: `--credentials`, else what systemd names (systemd.exec(5)); nil for none.
    package func credentialsDirectory(environment: [String: String]) -> String? {
        if let credentials { return credentials }
        guard let given = environment["CREDENTIALS_DIRECTORY"], !given.isEmpty else { return nil }
        return given
    }

    /// Obeys `--die-with-parent`, see `DieWithParent`. To be called first of all in `run()`.
    package func armDieWithParent(environment: [String: String]) throws(DieWithParent.Failure) {
        guard diesWithParent else { return }
        try DieWithParent.arm(parent: environment[Self.parentVariable].flatMap { Int32($0) })
    }

    /// The environment variable in which `postern up` tells its children its process id, so that a parent that died
    /// before the child armed itself is found.
    package static let parentVariable = "POSTERN_PARENT_PID"
}
