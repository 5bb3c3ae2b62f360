// Unsafe: C strings and attribute objects for posix_spawn(3).
package import Glibc

/// How a child process is to be started (posix_spawn(3)). Its signal mask is empty and its signal dispositions are the
/// default ones, whatever this process set for itself. Standard input is /dev/null or this process's.
package struct ChildLaunch: Sendable {
    package enum StandardInput: Sendable { case inherited, nothing }

    /// The program's file.
    package var path: String
    /// The program's name as it sees it (argv[0]), then its arguments.
    package var arguments: [String]
    /// The whole environment of the child.
    package var environment: [String: String]
    package var standardInput = StandardInput.inherited
    /// The descriptor that becomes the child's standard output and standard error; nil: this process's own.
    package var output: Int32?
    /// A process group of its own keeps a terminal's Ctrl-C away from the child.
    package var hasOwnProcessGroup = false

    package init(path: String, arguments: [String], environment: [String: String]) {
        self.path = path
        self.arguments = arguments
        self.environment = environment
    }

    /// Starts the child and returns its process id; throws the error number of posix_spawn.
    package func start() throws(SystemError) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        var attributes = posix_spawnattr_t()
        try check(unsafe posix_spawn_file_actions_init(&actions))
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        try check(unsafe posix_spawnattr_init(&attributes))
        defer { unsafe posix_spawnattr_destroy(&attributes) }

        if standardInput == .nothing {
            try check(unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0))
        }
        if let output {
            try check(unsafe posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO))
            try check(unsafe posix_spawn_file_actions_adddup2(&actions, output, STDERR_FILENO))
        }
        var none = sigset_t()
        var all = sigset_t()
        unsafe sigemptyset(&none)
        unsafe sigfillset(&all)
        try check(unsafe posix_spawnattr_setsigmask(&attributes, &none))
        try check(unsafe posix_spawnattr_setsigdefault(&attributes, &all))
        var flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF
        if hasOwnProcessGroup {
            try check(unsafe posix_spawnattr_setpgroup(&attributes, 0))
            flags |= POSIX_SPAWN_SETPGROUP
        }
        try check(unsafe posix_spawnattr_setflags(&attributes, Int16(flags)))

        var pid: pid_t = 0
        let argumentVector = CStringVector(arguments)
        let environmentVector = CStringVector(environment.map { "\($0.key)=\($0.value)" }.sorted())
        try check(
            unsafe argumentVector.withPointer { arguments in
                unsafe environmentVector.withPointer { environment in
                    unsafe posix_spawn(&pid, path, &actions, &attributes, arguments, environment)
                }
            })
        return pid
    }

    private func check(_ code: Int32) throws(SystemError) {
        if code != 0 { throw SystemError("posix_spawn", code: code) }
    }
}

/// A NULL-terminated array of C strings.
@safe
final class CStringVector {
    private let pointer: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ strings: [String]) {
        count = strings.count
        unsafe pointer = .allocate(capacity: count + 1)
        for (index, string) in strings.enumerated() { unsafe (pointer + index).initialize(to: strdup(string)) }
        unsafe (pointer + count).initialize(to: nil)
    }

    /// Hands out the array, which stays until `body` returns.
    func withPointer<Result>(_ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result) -> Result {
        withExtendedLifetime(self) { unsafe body(pointer) }
    }

    deinit {
        for index in 0..<count { unsafe free(pointer[index]) }
        unsafe pointer.deallocate()
    }
}
