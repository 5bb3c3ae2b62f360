/// A loop-confined value in the hands of other threads: they may carry it, only the loop may open it.
///
/// `@unchecked Sendable` because the value is touched on its loop alone, which `open` checks.
package final class LoopBound<Value>: @unchecked Sendable {
    private let value: Value
    private let mailbox: LoopMailbox

    package init(_ value: Value, loop: EventLoop) {
        self.value = value
        mailbox = loop.mailbox
    }

    /// The value; `loop` shows that the caller is on the right thread, since a loop never leaves its own.
    package func open(on loop: EventLoop) -> Value {
        precondition(loop.mailbox === mailbox, "a value of one loop was opened on another")
        return value
    }

    /// Runs `body` with the value on its loop; false when the loop has ended.
    @discardableResult
    package func execute(_ body: @escaping @Sendable (Value, EventLoop) -> Void) -> Bool {
        mailbox.execute { loop in body(self.open(on: loop), loop) }
    }
}
