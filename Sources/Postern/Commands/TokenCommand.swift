import ArgumentParser
import Shared

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Look into tokens.",
        subcommands: [Inspect.self])

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
