package import ArgumentParser

/// Whose account it is.
package struct UserNameArgument: ParsableArguments, Sendable {
    @Argument(help: "The name that the user logs in with.")
    package var username: String

    package init() {}

    package func validate() throws {
        if username.isEmpty { throw ValidationError("The username is empty.") }
        if username.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) {
            throw ValidationError("The username has a control character in it.")
        }
    }
}

/// Where a new password comes from. Never from the command line: other users of the machine can read that.
package struct PasswordOptions: ParsableArguments, Sendable {
    @Flag(
        name: .customLong("password-stdin"),
        help: "Read the password from the first line of standard input (default: ask for it on the terminal).")
    package var readsStandardInput = false

    package init() {}
}

/// What a new account holds beside its username and password.
package struct UserProfileOptions: ParsableArguments, Sendable {
    @Option(help: "The user's name as people say it (default: the username).")
    package var name: String?

    @Option(help: "Where the user is.")
    package var location: String = ""

    package init() {}
}
