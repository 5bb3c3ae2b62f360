/// A descriptor of a library that reads and writes it itself, watched by a loop for it. Level-triggered: what is ready
/// is told in each turn until the library has taken it.
package final class DescriptorWatch: EventSource {
    private unowned let loop: EventLoop
    private let isReady: (_ reading: Bool, _ writing: Bool) -> Void

    /// - Parameter isReady: is called on the loop.
    package init(
        loop: EventLoop, descriptor: Int32, reading: Bool, writing: Bool,
        isReady: @escaping (_ reading: Bool, _ writing: Bool) -> Void
    ) throws(LoopError) {
        self.loop = loop
        self.isReady = isReady
        super.init(descriptor: descriptor)
        try loop.watchLevel(self, reading: reading, writing: writing)
    }

    /// Asks for other events than before.
    package func change(reading: Bool, writing: Bool) {
        guard descriptor >= 0 else { return }
        loop.changeLevel(self, reading: reading, writing: writing)
    }

    /// Watches no more. The descriptor stays its owner's.
    package func end() {
        loop.forget(self, closing: false)
    }

    override func ready(_ readiness: Readiness) {
        guard descriptor >= 0 else { return }
        isReady(readiness.readable, readiness.writable)
    }
}
