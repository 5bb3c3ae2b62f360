import Glibc
import Shared

/// The terminal that the process belongs to, asked without an echo.
struct Terminal: ~Copyable {
    private let descriptor: Int32

    init() throws(CommandFailure) {
        descriptor = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY)
        guard descriptor >= 0 else {
            throw CommandFailure("there is no terminal to ask on", mend: "Give the password with --password-stdin")
        }
    }

    deinit { close(descriptor) }

    /// What is typed up to the return key. The terminal is as it was before, however this ends.
    func ask(_ question: String) throws(CommandFailure) -> String {
        var before = termios()
        guard unsafe tcgetattr(descriptor, &before) == 0 else {
            throw CommandFailure("the terminal cannot be asked: \(SystemError.last("tcgetattr").reason)")
        }
        var silent = before
        // The keys that interrupt come as bytes: nobody is left with a terminal that does not echo.
        silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
        guard unsafe tcsetattr(descriptor, TCSAFLUSH, &silent) == 0 else {
            throw CommandFailure("the terminal cannot be silenced: \(SystemError.last("tcsetattr").reason)")
        }
        defer { _ = unsafe tcsetattr(descriptor, TCSAFLUSH, &before) }
        let stream = StandardStream(descriptor: descriptor)
        stream.write(question)
        defer { stream.write("\n") }
        var editor = PasswordLineEditor()
        while true {
            switch editor.receive(PasswordSource.nextByte(descriptor)) {
            case .more: continue
            case .finished(let bytes): return try PasswordSource.text(bytes)
            case .cancelled: throw CommandFailure("cancelled", status: ExitStatus.signal(SIGINT))
            }
        }
    }
}
