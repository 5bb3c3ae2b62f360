import ArgumentParser
import Shared

struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session",
        abstract: "List sessions, and end them.",
        discussion: """
            Works on the store that auth.yaml names, while the service runs or not. A session is what a login begins where
            auth.yaml says `sessions: on`.

              postern session list --user bob
              postern session end rZ1jJ9hZ0mX3nq6Vb8Yt2w
              postern session end --user bob        # bob has to log in again, everywhere

            \(ExitStatus.help)
              66   there is no such session, or no such user
            """,
        subcommands: [List.self, End.self])

    struct List: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "List the sessions that are alive, those used last at the end. No token is shown.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var what: SessionListOptions
    }

    struct End: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "end", abstract: "End a session, or all of a user's, and revoke the tokens.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var what: SessionEndArguments
    }
}
