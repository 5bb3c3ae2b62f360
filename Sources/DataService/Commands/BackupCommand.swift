import ArgumentParser
import Shared
import StoreBackup

/// `postern-data backup data FILE`: the name of the store stands in it, as `postern` hands the command on as it was typed.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy the store, while the service runs or not.", subcommands: [Data.self])

    struct Data: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Copy the rows: one state of them, whole, in one file of mode 0600.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var backup: BackupArguments

        func run() throws {
            let context = DataConfiguration.Context(
                runDirectory: runtime.runDirectory, stateDirectory: runtime.stateDirectory,
                instance: InstanceOptions.defaultName)
            let settings: DataConfiguration
            do {
                settings = try DataConfiguration.load(from: configuration.directory, context: context)
            } catch {
                throw CommandFailure(configuration: error)
            }
            try StoreBackup.run(of: settings.store, backup)
        }
    }
}
