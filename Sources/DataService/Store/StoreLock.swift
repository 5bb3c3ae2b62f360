import Glibc

/// Lets one process at a time create, migrate and seed a store: an flock(2) on `STORE.lock`.
///
/// SQLite's own locks do not cover this: switching to WAL and upgrading a read to a write fail at once with
/// `SQLITE_BUSY` when two processes begin together, whatever the busy timeout. The kernel gives the lock back when
/// its holder dies.
enum StoreLock {
    /// Runs `body` while no other process or thread runs one for this store. Blocks the thread: for start-up only.
    static func holding<Value>(
        forStore path: String, _ body: () throws(StoreError) -> Value
    ) throws(StoreError) -> Value {
        let descriptor = unsafe open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw StoreError(errno: errno, path: path) }
        defer { _ = close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            let cause = errno
            guard cause == EINTR else { throw StoreError(errno: cause, path: path) }
        }
        return try body()
    }
}
