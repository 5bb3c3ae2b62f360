package import Shared
import GRDB

/// Copies a store of ours (a SQLite file) while others write to it: one state of it, whole, in a file that is made anew,
/// readable for its owner alone, and looked through before it gets its name.
package struct StoreBackup {
    /// The store's file.
    let store: String
    let destination: BackupFile
    /// Is told how many of how many pages are copied, from time to time.
    let progress: (_ done: Int, _ all: Int) -> Void

    /// Pages between two looks at the clock: some milliseconds.
    private static let step: CInt = 256
    private static let patience = 5.0

    /// - Parameters:
    ///   - arguments: where the copy goes.
    ///   - progress: is told how many of how many pages are copied.
    package init(
        of store: String, _ arguments: BackupArguments, progress: @escaping (_ done: Int, _ all: Int) -> Void
    ) {
        self.store = store
        destination = BackupFile(path: arguments.file, replaces: arguments.force)
        self.progress = progress
    }

    /// Makes the copy.
    /// - Returns: its size in bytes.
    /// - Throws: `CommandFailure`; then nothing has its name that had not before.
    package func run() throws(CommandFailure) -> Int64 {
        guard FileStatus(store) != nil else {
            throw CommandFailure(
                "\(store): there is no such store", mend: "See `store` in the configuration", status: .noInput)
        }
        try destination.check(against: store)
        let partial = try destination.make()
        var isDone = false
        defer { if !isDone { BackupFile.remove(partial) } }
        do {
            try copy(to: partial)
        } catch let failure as CommandFailure {
            throw failure
        } catch {
            throw Self.failure(error, store, partial)
        }
        let size = try destination.finish(partial)
        isDone = true
        return size
    }

    private func copy(to partial: String) throws {
        var reading = Configuration()
        reading.readonly = true
        reading.busyMode = .timeout(Self.patience)
        let source = try DatabaseQueue(path: store, configuration: reading)
        let copy = try DatabaseQueue(path: partial)
        try source.read { source in
            // From here to the end of the transaction the source stays as it is, whoever writes: without it each write
            // would have the copy begin anew.
            _ = try Row.fetchOne(source, sql: "SELECT * FROM sqlite_schema LIMIT 1")
            try copy.writeWithoutTransaction { copy in
                try source.backup(to: copy, pagesPerStep: Self.step) { step in
                    progress(step.completedPageCount, step.totalPageCount)
                }
                // One file, that can be read wherever it lies: the log is for those who write.
                try copy.execute(sql: "PRAGMA journal_mode = DELETE")
            }
        }
        let problems = try copy.writeWithoutTransaction { copy in
            try String.fetchAll(copy, sql: "PRAGMA integrity_check(3)").filter { $0 != "ok" }
                + Row.fetchAll(copy, sql: "PRAGMA foreign_key_check").prefix(3).map {
                    "a row of \($0[0] as String) refers to none"
                }
        }
        try source.close()
        try copy.close()
        guard problems.isEmpty else {
            throw CommandFailure(
                "\(store): the copy is damaged, and so, most likely, is the store: \(problems.joined(separator: "; "))",
                mend: "Keep the store, and restore an older copy", status: .dataError)
        }
    }

    private static func failure(_ error: any Error, _ store: String, _ partial: String) -> CommandFailure {
        guard let error = error as? DatabaseError else {
            return CommandFailure("\(store): \(error)", status: .systemError)
        }
        // SQLite's own words; the statement and its arguments stay out.
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB, .SQLITE_CORRUPT:
            return CommandFailure(
                "\(store): it is no sound SQLite database (\(reason))", mend: "Restore an older copy",
                status: .dataError)
        case .SQLITE_FULL:
            return CommandFailure(
                "no space is left for the copy", mend: "Make room on its file system", status: .systemError)
        case .SQLITE_BUSY, .SQLITE_LOCKED:
            return CommandFailure(
                "\(store): another program holds it locked", mend: "Try again when it has finished",
                status: .temporaryFailure)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH, .SQLITE_READONLY:
            return CommandFailure(
                "\(store): it cannot be opened (\(reason))", mend: "Run the command as the service's user or as root",
                status: .noPermission)
        default: return CommandFailure("\(store): \(reason)", status: .systemError)
        }
    }
}
