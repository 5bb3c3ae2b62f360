import Logging
import Shared
import Synchronization

/// `postern autoscale` as a process: one thread that looks each second, watched by the main thread.
final class AutoscaleProcess: ManagedProcess {
    /// What both threads know.
    private final class Shelf: Sendable {
        let beats = Atomic<UInt64>(0)
        let isStopping = Atomic(false)
        let hasStopped = Atomic(false)
        let status = Mutex("starts")
    }
    /// The loop's part.
    private final class Ticker {
        private var timer: LoopTimer?

        init(_ loop: EventLoop, _ scaler: Autoscaler, _ shelf: Shelf, waker: Waker) {
            timer = LoopTimer(loop: loop) { [unowned self] in
                guard !shelf.isStopping.load(ordering: .acquiring) else {
                    timer?.invalidate()
                    shelf.hasStopped.store(true, ordering: .releasing)
                    return waker.wake()
                }
                shelf.beats.add(1, ordering: .relaxed)
                scaler.turn()
                shelf.status.withLock { $0 = scaler.status }
                waker.wake()
                timer?.set(after: 1_000_000_000)
            }
            timer?.set(after: 0)
        }

        func end() { timer?.set(after: 0) }
    }
    private let shelf: Shelf
    private let thread: LoopThread
    private let ticker: Mutex<LoopBound<Ticker>?>
    private var lastBeat: UInt64 = 0

    init(_ gateway: GatewayControl, waker: Waker, logger: Logger) throws(LoopError) {
        let shelf = Shelf()
        self.shelf = shelf
        let made = Made()
        thread = try LoopThread(name: "autoscale") { loop in
            let scaler = Autoscaler(gateway, logger: logger) {
                shelf.beats.add(1, ordering: .relaxed)
                return !shelf.isStopping.load(ordering: .acquiring)
            }
            let ticker = LoopBound(Ticker(loop, scaler, shelf, waker: waker), loop: loop)
            made.ticker.withLock { $0 = ticker }
        }
        ticker = Mutex(made.ticker.withLock { $0 })
    }

    private final class Made: Sendable {
        let ticker = Mutex<LoopBound<Ticker>?>(nil)
    }

    /// What there is to scale comes from the gateway, whose configuration it is.
    func reload() {}

    func beginDrain() {
        shelf.isStopping.store(true, ordering: .releasing)
        ticker.withLock { $0 }?.execute { ticker, _ in ticker.end() }
    }

    var isDrained: Bool { shelf.hasStopped.load(ordering: .acquiring) }

    func isMakingProgress() -> Bool {
        let beat = shelf.beats.load(ordering: .relaxed)
        defer { lastBeat = beat }
        return beat != lastBeat
    }

    var statusLine: String { shelf.status.withLock { $0 } }

    func stop() {
        thread.stop()
        thread.join()
    }
}
