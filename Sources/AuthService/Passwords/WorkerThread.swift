// Unsafe code: pthread_create hands its argument over as a raw pointer.
import CLinux
import Glibc

/// A thread of the operating system, outside Swift's cooperative pool.
enum WorkerThread {
    /// What pthread_create(3) returned.
    struct Failure: Error, CustomStringConvertible {
        let code: Int32

        var description: String { "a thread cannot be started (errno \(code)). Raise the limit of tasks (TasksMax=)." }
    }

    /// Runs `body` on a new thread, which ends with it.
    /// - Parameter name: 15 bytes at most, for ps(1) and debuggers.
    static func start(named name: String, _ body: @escaping @Sendable () -> Void) throws(Failure) {
        let argument = unsafe Unmanaged.passRetained(Start(name: name, body: body))
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let start = unsafe Unmanaged<Start>.fromOpaque(raw).takeRetainedValue()
                unsafe postern_name_thread(start.name)
                start.body()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            throw Failure(code: code)
        }
        pthread_detach(thread)
    }

    private final class Start: Sendable {
        let name: String
        let body: @Sendable () -> Void

        init(name: String, body: @escaping @Sendable () -> Void) {
            self.name = name
            self.body = body
        }
    }
}
