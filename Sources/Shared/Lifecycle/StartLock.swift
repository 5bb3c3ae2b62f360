import Glibc

/// The right to judge and replace the socket at a path, so that of two processes that start at the same time on a
/// stale socket one wins and the other is told.
///
/// It is flock(2) on `PATH.lock`, held only while the socket is bound, and the file is removed after. Why not a
/// rename or link onto the path: both processes may find the old socket stale before either replaces it, and the
/// later would then replace the earlier one's live socket. Why not flock on the folder: whoever may read the folder
/// could hold that lock; the file is ours alone (mode 0600). The kernel drops the lock of a process that dies.
struct StartLock {
    private let path: String
    private let descriptor: Int32

    /// How long another process may hold the lock, which takes it far less than a millisecond.
    static let patience: Duration = .seconds(2)
    private static let pause = timespec(tv_sec: 0, tv_nsec: 5_000_000)

    init(for socket: String, patience: Duration = patience) throws(ListenError) {
        path = socket + ".lock"
        let giveUp = ControlLoop.now + patience
        while true {
            let descriptor = unsafe open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
            guard descriptor >= 0 else { throw .cannotBind(socket, SystemError.last("open")) }
            if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
                // The holder before us may have removed the file that we opened: then the lock is on nothing.
                if Self.isFile(descriptor, at: path) {
                    self.descriptor = descriptor
                    return
                }
                close(descriptor)
                continue
            }
            let error = SystemError.last("flock")
            close(descriptor)
            guard error.code == EWOULDBLOCK || error.code == EINTR else { throw .cannotBind(socket, error) }
            guard ControlLoop.now < giveUp else {
                throw ListenError(
                    message: "another process holds \(path)",
                    mend: "See who it is with fuser \(path), and stop it.")
            }
            var pause = Self.pause
            unsafe nanosleep(&pause, nil)
        }
    }

    /// Removed before it is let go, so that nobody locks a file that is about to go.
    func release() {
        _ = unsafe unlink(path)
        close(descriptor)
    }

    private static func isFile(_ descriptor: Int32, at path: String) -> Bool {
        var held = stat()
        var named = stat()
        guard unsafe fstat(descriptor, &held) == 0, unsafe lstat(path, &named) == 0 else { return false }
        return held.st_dev == named.st_dev && held.st_ino == named.st_ino
    }
}
