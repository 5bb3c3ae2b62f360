import CLinux
import Glibc

/// Ends a process whose parent dies, however that dies (`--die-with-parent`; PR_SET_PDEATHSIG, prctl(2)).
package enum DieWithParent {
    package enum Failure: Error, Equatable, CustomStringConvertible {
        /// The parent was gone before the request was in force: end at once.
        case parentIsGone
        case system(SystemError)

        package var description: String {
            switch self {
            case .parentIsGone: "the process that started this one is gone"
            case .system(let error): error.description
            }
        }
    }

    /// From now on the kernel sends SIGTERM when the parent is gone, which drains the process as any SIGTERM.
    ///
    /// To be called first thing in main, after ``ProcessLifecycle/prepare()``. The kernel means the parent's *thread*:
    /// a parent starts such children from a thread that lives as long as it does itself, its main thread.
    /// - Parameter parent: the parent's process id where it is known (a parent can put it on the command line): then
    ///   a parent that died before this call is always found. Without it, having been handed to process 1 tells.
    package static func arm(parent: Int32? = nil) throws(Failure) {
        let before = getppid()
        guard postern_die_with_parent(SIGTERM) == 0 else { throw .system(.last("prctl(PR_SET_PDEATHSIG)")) }
        // The parent may have died before the call: then nothing is ever sent.
        let now = getppid()
        if let parent {
            guard now == parent else { throw .parentIsGone }
        } else if now != before || now == 1 {
            throw .parentIsGone
        }
    }
}
