package import ArgumentParser

/// What `token revoke` is to revoke: a token, or one of the options.
package struct RevocationArguments: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp(
            "The token (default, or `-`: read it from standard input, which keeps it out of the shell's history).",
            valueName: "token"))
    package var token: String?

    @Option(help: ArgumentHelp("All tokens of that account.", valueName: "username"))
    package var user: String?

    @Option(help: ArgumentHelp("All tokens about somebody, as Postern-User names them.", valueName: "name"))
    package var subject: String?

    @Option(help: ArgumentHelp("The tokens of a session, by their sid.", valueName: "sid"))
    package var session: String?

    @Option(help: ArgumentHelp("The token of that jti.", valueName: "jti"))
    package var id: String?

    @Option(help: ArgumentHelp("Whatever that key signed.", valueName: "kid"))
    package var key: String?

    package init() {}

    package func validate() throws {
        let given = [token, user, subject, session, id, key].compactMap { $0 }
        if given.count > 1 { throw ValidationError("Name one thing to revoke: a token, or one of the options.") }
        if given.contains("") { throw ValidationError("What is to be revoked is empty.") }
    }
}
