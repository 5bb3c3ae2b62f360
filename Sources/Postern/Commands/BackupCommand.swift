import ArgumentParser
import Shared

struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copy a store, while its service runs or not.",
        discussion: """
            The copy is one state of the store, whole, in one file of mode 0600; it is looked through before it gets its \
            name. docs/backup.md tells how it is put back.

              postern backup auth /var/backups/postern/auth.db
              postern backup data /var/backups/postern/data.db --force

            For the stores of `make run`, name its folders:
              postern backup auth auth.db --config deploy/tutorial --state .build/tutorial

            \(ExitStatus.help)
              65   the store is damaged
              66   there is no such store
            """,
        subcommands: [Auth.self, Data.self])

    struct Auth: DelegatedCommand {
        static let program = "postern-auth"
        static let configuration = CommandConfiguration(
            commandName: "auth", abstract: "Copy the accounts, with their sessions and revocations.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var backup: BackupArguments
    }

    struct Data: DelegatedCommand {
        static let program = "postern-data"
        static let configuration = CommandConfiguration(
            commandName: "data", abstract: "Copy the rows of the data service.")

        @OptionGroup var configuration: ConfigurationOptions
        @OptionGroup var runtime: RuntimeOptions
        @OptionGroup var backup: BackupArguments
    }
}
