package import ArgumentParser

/// Which sessions `session list` shows, and how.
package struct SessionListOptions: ParsableArguments, Sendable {
    @Option(help: ArgumentHelp("Those of that account alone.", valueName: "username"))
    package var user: String?

    @OptionGroup package var output: ListOutputOptions

    package init() {}
}

/// Which sessions `session end` ends: one, or all of somebody's.
package struct SessionEndArguments: ParsableArguments, Sendable {
    @Argument(help: ArgumentHelp("The session, as `postern session list` shows it.", valueName: "sid"))
    package var session: String?

    @Option(help: ArgumentHelp("All sessions of that account.", valueName: "username"))
    package var user: String?

    package init() {}

    package func validate() throws {
        let given = [session, user].compactMap { $0 }
        guard given.count == 1 else { throw ValidationError("Name one session, or a user with --user.") }
        if given.contains("") { throw ValidationError("What is to be ended is empty.") }
    }
}

/// The form of a list.
package struct ListOutputOptions: ParsableArguments, Sendable {
    @Flag(help: "Show it as JSON.")
    package var json = false

    package init() {}
}
