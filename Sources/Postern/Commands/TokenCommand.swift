import ArgumentParser
import Shared

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Look into tokens, and revoke them.",
        subcommands: [Inspect.self, Revoke.self, Revocations.self])

    struct Revoke: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "revoke",
            abstract: "Make tokens bad before their time: one, a session's, a user's, or a key's.",
            discussion: """
                  printf '%s' "$TOKEN" | postern token revoke
                  postern token revoke --user bob            # those that bob has; he can log in again
                  postern token revoke --key 2026-11-25-x7Gk # whatever that key signed

                The service takes it at once, and refuses; a gateway asks again when its verdict is over.

                \(ExitStatus.help)
                  65   the token is refused already
                  66   there is no such user
                """)

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var what: RevocationArguments
    }

    struct Revocations: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "revocations",
            abstract: "List what is revoked, and until when that is kept.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var output: ListOutputOptions
    }

    struct Inspect: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "inspect",
            abstract: "Show a token's header and claims, and whether it verifies with the configured keys.",
            discussion: """
                  postern token inspect eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.…
                  printf '%s' "$TOKEN" | postern token inspect

                The keys are those of auth.yaml. For a token of `make run`:
                  export JWT_SECRET_KEY=$(cat .build/tutorial/jwt-secret)   # unless it was set for make run
                  postern token inspect --config deploy/tutorial --state .build/tutorial "$TOKEN"

                \(ExitStatus.help)
                  65   the token is refused
                """)

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var token: TokenArguments
    }
}
