import CLinux
import Shared

/// What a process does before it reads a secret.
enum MemoryProtection {
    /// None of this process's memory goes into a file from now on, and no other process of this user reads it
    /// (PR_SET_DUMPABLE, prctl(2)).
    static func forbidCoreDumps() throws(SecretFile.Failure) {
        guard postern_forbid_core_dumps() == 0 else {
            throw SecretFile.Failure(
                path: "credentials", message: "core dumps cannot be forbidden (\(SystemError.last("prctl").reason))",
                mend: "Let the process call prctl(2) and setrlimit(2).")
        }
    }
}
