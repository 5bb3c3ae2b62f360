package import Shared
import CLinux

extension StoreBackup {
    /// Makes the copy for somebody who waits: says how far it is where it takes long, and what came of it.
    package static func run(of store: String, _ arguments: BackupArguments) throws(CommandFailure) {
        var next = postern_monotonic_ns() + 2_000_000_000
        let size = try StoreBackup(of: store, arguments) { done, all in
            let now = postern_monotonic_ns()
            guard now >= next, all > 0 else { return }
            next = now + 2_000_000_000
            StandardStream.error.write("copied \(done * 100 / all)% of \(store)\n")
        }.run()
        StandardStream.output.write("\(arguments.file): \(size) bytes, a whole copy of \(store)\n")
    }
}
