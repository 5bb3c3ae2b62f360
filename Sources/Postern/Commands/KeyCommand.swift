import ArgumentParser
import Shared

struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make, list, rotate and retire the keys that sign tokens.",
        discussion: """
            Works on the folder that auth.yaml names as `keys`. The service takes a change when it reloads:
              systemctl reload postern-auth

              postern key generate                # the first key, or one more
              postern key rotate                  # a new key signs soon, the old one verifies until its tokens end
              postern key rotate --now            # the old key is known to somebody: its tokens are good no more
              postern key list

            \(ExitStatus.help)
              66   there is no such key
            """,
        subcommands: [Generate.self, List.self, Rotate.self, Retire.self])

    struct Generate: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Make a key. Where another one signs, it is published first and signs after `jwks.max_age`.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var key: NewKeyOptions
    }

    struct List: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "list", abstract: "List the keys, and what each is good for. No secret is shown.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
    }

    struct Rotate: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "rotate",
            abstract: "Make a key in place of those that sign; they verify until their last token has expired.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var key: NewKeyOptions
        @OptionGroup var haste: KeyHasteOptions
    }

    struct Retire: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "retire",
            abstract: "Let a key sign no more; it verifies until its last token has expired.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var key: KeyNameArgument
        @OptionGroup var haste: KeyHasteOptions
    }
}
