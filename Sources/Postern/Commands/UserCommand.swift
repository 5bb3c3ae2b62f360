import ArgumentParser
import Shared

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Add, list and remove accounts, and set passwords.",
        discussion: """
            Works on the store that auth.yaml names, while the service runs or not.

              postern user add carol --name Carol --location Spain
              postern user list
              printf '%s\\n' "$PASSWORD" | postern user password carol --password-stdin
              postern user unlock carol          # too many logins have failed; he can try again at once
              postern user remove carol

            For the accounts of `make run`, name its folders:
              postern user list --config deploy/tutorial --state .build/tutorial

            \(ExitStatus.help)
              65   the password is refused, or none was given
              66   there is no such user
            """,
        subcommands: [Add.self, List.self, Password.self, Unlock.self, Remove.self])

    struct Add: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "add",
            abstract: "Add an account.",
            discussion: "  postern user add carol --name Carol --location Spain")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument
        @OptionGroup var profile: UserProfileOptions
        @OptionGroup var password: PasswordOptions
    }

    struct List: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the accounts. No password hash is shown.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
    }

    struct Password: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "password",
            abstract: "Set a password, and revoke the tokens that the account has.",
            discussion: "  printf '%s\\n' \"$PASSWORD\" | postern user password carol --password-stdin")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument
        @OptionGroup var password: PasswordOptions
    }

    struct Unlock: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "unlock",
            abstract: "Let an account be logged in to at once, however many attempts have failed.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument
    }

    struct Remove: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "remove",
            abstract: "Remove an account, and revoke its tokens.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var user: UserNameArgument
    }
}
