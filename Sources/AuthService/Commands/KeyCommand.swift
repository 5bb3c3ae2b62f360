import ArgumentParser
import Shared

/// `postern-auth key …`: the keys in the folder that auth.yaml names.
struct KeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "key",
        abstract: "Make, list, rotate and retire the keys that sign tokens.",
        subcommands: [Generate.self, List.self, Rotate.self, Retire.self])

    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var key: NewKeyOptions

        func run() throws {
            StandardStream.output.write(try KeyAdministration(configuration, runtime).generate(key))
        }
    }

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List the keys. No secret is shown.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions

        func run() throws {
            StandardStream.output.write(try KeyAdministration(configuration, runtime).list())
        }
    }

    struct Rotate: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Make a key in place of those that sign.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var key: NewKeyOptions
        @OptionGroup var haste: KeyHasteOptions

        func run() throws {
            let administration = try KeyAdministration(configuration, runtime)
            StandardStream.output.write(try administration.rotate(key, atOnce: haste.atOnce))
        }
    }

    struct Retire: ParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Let a key sign no more.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var key: KeyNameArgument
        @OptionGroup var haste: KeyHasteOptions

        func run() throws {
            let administration = try KeyAdministration(configuration, runtime)
            StandardStream.output.write(try administration.retire(key.kid, atOnce: haste.atOnce))
        }
    }
}
