import ArgumentParser
import Shared

/// `postern-auth user …`: the accounts in the store that auth.yaml names, while the service runs or not.
struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list and remove accounts, and set passwords.",
        subcommands: [Add.self, List.self, Password.self, Unlock.self, Remove.self])

    struct Add: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Add an account.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument
        @OptionGroup var profile: UserProfileOptions
        @OptionGroup var password: PasswordOptions

        func run() throws {
            let administration = try AccountAdministration(configuration, runtime)
            let account = try administration.add(
                username: user.username, name: profile.name ?? user.username, location: profile.location,
                password: { () throws(CommandFailure) in try PasswordSource.read(password, user.username) })
            StandardStream.output.write("added \(LogText.escaped(account.username)) (id \(account.id))\n")
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the accounts. No password hash is shown.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions

        func run() throws {
            StandardStream.output.write(try AccountAdministration(configuration, runtime).list())
        }
    }

    struct Password: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Set a password.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument
        @OptionGroup var password: PasswordOptions

        func run() throws {
            try AccountAdministration(configuration, runtime).setPassword(of: user.username) {
                () throws(CommandFailure) in try PasswordSource.read(password, user.username)
            }
        }
    }

    struct Unlock: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Let an account be logged in to at once, however many attempts have failed.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument

        func run() throws {
            try AccountAdministration(configuration, runtime).unlock(user.username)
        }
    }

    struct Remove: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove an account, and revoke its tokens.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument

        func run() throws {
            try AccountAdministration(configuration, runtime).remove(user.username)
        }
    }
}
