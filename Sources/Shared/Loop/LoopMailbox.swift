import CLinux
import Glibc

/// The way into a loop from other threads: work that the loop runs in one of its next turns.
package final class LoopMailbox: Sendable {
    package typealias Work = @Sendable (EventLoop) -> Void
    private struct State: Sendable {
        var work: [Work] = []
        var isOpen = true
    }
    private let state = Guarded(State())
    let wakeup: Int32

    init(wakeup: Int32) {
        self.wakeup = wakeup
    }

    deinit {
        close(wakeup)
    }

    /// Runs `work` on the loop, in the order of the calls. Returns false when the loop has ended: `work` is dropped.
    @discardableResult
    package func execute(_ work: @escaping Work) -> Bool {
        let (taken, first) = state.withLock { state in
            guard state.isOpen else { return (false, false) }
            state.work.append(work)
            return (true, state.work.count == 1)
        }
        // Only the first of a batch needs to wake the loop.
        if first { _ = postern_eventfd_signal(wakeup) }
        return taken
    }

    func take() -> [Work] {
        _ = postern_eventfd_drain(wakeup)
        return state.withLock { state in
            let work = state.work
            state.work = []
            return work
        }
    }

    /// Takes no more work; returns what was waiting.
    func shut() -> [Work] {
        state.withLock { state in
            state.isOpen = false
            let work = state.work
            state.work = []
            return work
        }
    }
}

/// The loop's end of its mailbox. Does not own the descriptor: the mailbox may outlive the loop.
final class MailboxSource: EventSource {
    private let mailbox: LoopMailbox
    private unowned let loop: EventLoop

    init(mailbox: LoopMailbox, loop: EventLoop) {
        self.mailbox = mailbox
        self.loop = loop
        super.init(descriptor: mailbox.wakeup)
    }

    override func ready(_ readiness: Readiness) {
        for work in mailbox.take() { work(loop) }
    }
}
