package import ArgumentParser

/// The token that `token inspect` is to take apart.
package struct TokenArguments: ParsableArguments, Sendable {
    @Argument(
        help: ArgumentHelp(
            """
            The token, as it stands after `Bearer` (default, or `-`: read it from standard input, which keeps it out \
            of the shell's history).
            """,
            valueName: "token"))
    package var token: String?

    package init() {}

    /// The token that stands on the command line; nil when it is to be read from standard input.
    package var given: String? { token == "-" ? nil : token }
}
