import ArgumentParser
import CLinux
import Shared

/// `postern-auth session …`.
struct SessionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "session", abstract: "List sessions, and end them.", subcommands: [List.self, End.self])

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the sessions that are alive, those used last at the end. No token is shown.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var what: SessionListOptions

        func run() throws {
            let administration = try SessionAdministration(configuration, runtime)
            StandardStream.output.write(try administration.list(of: what.user, asJSON: what.output.json))
        }
    }

    struct End: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a session, or all of a user's, and revoke the tokens.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var what: SessionEndArguments

        func run() throws {
            StandardStream.output.write(try SessionAdministration(configuration, runtime).end(what))
        }
    }
}
