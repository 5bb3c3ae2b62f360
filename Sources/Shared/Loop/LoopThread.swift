// Unsafe code: pthread_create hands its argument over as a raw pointer.
import CLinux
import Glibc

/// A thread that runs one event loop.
package final class LoopThread: Sendable {
    package let mailbox: LoopMailbox
    private let finished: Finished

    /// Starts the thread; `setUp` runs on it before the first turn. Throws what made the loop or the thread fail.
    package init(name: String, setUp: @escaping @Sendable (EventLoop) throws(LoopError) -> Void) throws(LoopError) {
        let start = ThreadStart(name: name, setUp: setUp)
        let argument = unsafe Unmanaged.passRetained(start)
        var thread = pthread_t()
        let code = unsafe pthread_create(
            &thread, nil,
            { raw in
                guard let raw = unsafe raw else { return nil }
                let start = unsafe Unmanaged<ThreadStart>.fromOpaque(raw).takeRetainedValue()
                start.run()
                return nil
            }, argument.toOpaque())
        guard code == 0 else {
            unsafe argument.release()
            throw LoopError(call: "pthread_create", code: code)
        }
        pthread_detach(thread)
        switch start.started.wait() {
        case .success(let mailbox): self.mailbox = mailbox
        case .failure(let error): throw error
        }
        finished = start.finished
    }

    /// Ends the loop after the turn under way; does not wait.
    package func stop() {
        mailbox.execute { $0.stop() }
    }

    /// Blocks until the thread has ended its loop.
    package func join() {
        _ = finished.wait()
    }
}

private typealias Finished = Signal<Bool>

/// What a new thread is given.
private final class ThreadStart: Sendable {
    let name: String
    let setUp: @Sendable (EventLoop) throws(LoopError) -> Void
    let started = Signal<Result<LoopMailbox, LoopError>>()
    let finished = Finished()

    init(name: String, setUp: @escaping @Sendable (EventLoop) throws(LoopError) -> Void) {
        self.name = name
        self.setUp = setUp
    }

    func run() {
        unsafe postern_name_thread(name)
        defer { finished.send(true) }
        do throws(LoopError) {
            let loop = try EventLoop()
            try setUp(loop)
            started.send(.success(loop.mailbox))
            loop.run()
            _ = loop.mailbox.shut()
        } catch {
            started.send(.failure(error))
        }
    }
}

/// A value that one thread waits for and another sends, once.
private final class Signal<Value: Sendable>: Sendable {
    private let value = Guarded<Value?>(nil)
    private let wakeup = postern_eventfd()

    deinit { close(wakeup) }

    func send(_ new: Value) {
        value.withLock { $0 = new }
        _ = postern_eventfd_signal(wakeup)
    }

    func wait() -> Value {
        while true {
            if let value = value.withLock({ $0 }) { return value }
            var descriptor = pollfd(fd: wakeup, events: Int16(POLLIN), revents: 0)
            _ = unsafe poll(&descriptor, 1, -1)
        }
    }
}
