import ArgumentParser
import Shared
import StoreBackup

/// `postern-auth backup auth FILE`: the name of the store stands in it, as `postern` hands the command on as it was typed.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the store, while the service runs or not.", subcommands: [Auth.self])

    struct Auth: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the accounts: one state of them, whole, in one file of mode 0600.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var backup: BackupArguments

        func run() throws {
            try AuthSetup.protectMemory()
            let setup = try AuthSetup(configuration, runtime)
            // Not opened as the service does it: a copy neither makes nor changes a store.
            try StoreBackup.run(of: setup.configuration.store, backup)
        }
    }
}
