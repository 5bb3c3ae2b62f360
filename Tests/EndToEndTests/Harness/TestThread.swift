// Unsafe code: pthread_create hands its argument over as a raw pointer.
import CLinux
import Glibc

/// A thread of a test's own: clients and services block, which the threads of Swift's tasks must not.
enum TestThread {
    struct Failure: Error {
        let code: Int32
    }

    /// Runs `body` on a new thread.
    static func start(_ name: String, _ body: @escaping @Sendable () -> Void) throws {
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
