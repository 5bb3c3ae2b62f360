// Unsafe code: the array that epoll_wait fills.
import CLinux
import Glibc

/// One thread's loop: an epoll, timers, buffers, and a way in from other threads. Everything that is made on a loop
/// stays on it; nothing here is locked but the mailbox.
@safe package final class EventLoop {
    private let epoll: Int32
    private let ready: UnsafeMutablePointer<postern_ready>
    private static let readyCapacity = 256
    /// Watched descriptors, by their number.
    private var sources: [EventSource?] = []
    /// Counts what was watched: a descriptor's number comes again, this does not (not while its events are in hand).
    private var generation: UInt32 = 0
    /// Closed in this turn; kept until its end, because events of theirs may still be in hand.
    private var closed: [EventSource] = []
    private var isTurning = false
    private var running = true

    /// Nanoseconds of CLOCK_MONOTONIC at the beginning of this turn.
    package private(set) var now: UInt64
    /// Added to the kernel's clock: by it tests move time forward instead of waiting.
    var clockAdvance: UInt64 = 0
    package let buffers = BufferPool()
    var timers = TimerHeap()
    /// Streams with bytes to write, flushed at the end of the turn.
    private var unflushed: [Stream] = []
    /// Streams that have more to read than they were given this turn for.
    private var unread: [Stream] = []
    /// The way in from other threads.
    package let mailbox: LoopMailbox
    /// Turns made so far: the watchdog sees by it that the loop moves.
    package private(set) var turns: UInt64 = 0
    private var atTurnEnd: [() -> Void] = []

    /// Throws `LoopError` when the kernel gives no descriptors.
    package init() throws(LoopError) {
        // A write to a peer that is gone is an error of that stream, not the end of the process.
        _ = postern_ignore_sigpipe()
        epoll = postern_epoll_create()
        guard epoll >= 0 else { throw LoopError(call: "epoll_create1", code: errno) }
        let wakeup = postern_eventfd()
        guard wakeup >= 0 else {
            let code = errno
            close(epoll)
            throw LoopError(call: "eventfd", code: code)
        }
        unsafe ready = UnsafeMutablePointer<postern_ready>.allocate(capacity: Self.readyCapacity)
        mailbox = LoopMailbox(wakeup: wakeup)
        now = postern_monotonic_ns()
        try watchReader(MailboxSource(mailbox: mailbox, loop: self))
    }

    deinit {
        // Work that waits holds what it came from, and so the mailbox itself.
        _ = mailbox.shut()
        close(epoll)
        unsafe ready.deallocate()
    }

    // MARK: Descriptors

    /// Watches a stream; edge-triggered.
    func watchStream(_ source: EventSource, writing: Bool) throws(LoopError) {
        try enter(source, postern_epoll_add_stream(epoll, source.descriptor, newToken(source), writing))
    }

    /// Asks for, or no longer asks for, word that a stream can be written to.
    func changeStream(_ source: EventSource, writing: Bool) {
        _ = postern_epoll_change_stream(epoll, source.descriptor, source.token, writing)
    }

    func watchListener(_ source: EventSource) throws(LoopError) {
        try enter(source, postern_epoll_add_listener(epoll, source.descriptor, newToken(source)))
    }

    func watchReader(_ source: EventSource) throws(LoopError) {
        try enter(source, postern_epoll_add_reader(epoll, source.descriptor, newToken(source)))
    }

    /// Watches a descriptor that belongs to somebody else; level-triggered.
    func watchLevel(_ source: EventSource, reading: Bool, writing: Bool) throws(LoopError) {
        try enter(
            source, postern_epoll_add_level(epoll, source.descriptor, newToken(source), reading, writing))
    }

    func changeLevel(_ source: EventSource, reading: Bool, writing: Bool) {
        _ = postern_epoll_change_level(epoll, source.descriptor, source.token, reading, writing)
    }

    private func newToken(_ source: EventSource) -> UInt64 {
        generation &+= 1
        source.token = UInt64(generation) << 32 | UInt64(UInt32(bitPattern: source.descriptor))
        return source.token
    }

    private func enter(_ source: EventSource, _ result: Int32) throws(LoopError) {
        guard result == 0 else { throw LoopError(call: "epoll_ctl", code: errno) }
        let index = Int(source.descriptor)
        if index >= sources.count {
            sources.append(contentsOf: repeatElement(nil, count: index + 1 - sources.count))
        }
        sources[index] = source
    }

    /// Stops watching `source` and, unless the descriptor belongs to somebody else, closes it.
    func forget(_ source: EventSource, closing: Bool = true) {
        let descriptor = source.descriptor
        guard descriptor >= 0 else { return }
        sources[Int(descriptor)] = nil
        if isTurning { closed.append(source) }
        if closing {
            // The last close of a descriptor takes it out of the epoll set as well.
            close(descriptor)
        } else {
            _ = postern_epoll_remove(epoll, descriptor)
        }
        source.descriptor = -1
    }

    /// Leaves `source` alone until it is watched again.
    func suspend(_ source: EventSource) {
        _ = postern_epoll_remove(epoll, source.descriptor)
    }

    // MARK: Turns

    /// Turns until `stop()` is called.
    package func run() {
        while running { turn() }
    }

    /// Ends `run()` after this turn.
    package func stop() {
        running = false
    }

    /// One turn: waits for events (up to `limit` nanoseconds when given), serves them, rings timers, writes.
    package func turn(waitingAtMost limit: UInt64 = LoopTimer.never) {
        let count = unsafe postern_epoll_wait(epoll, ready, Int32(Self.readyCapacity), timeout(limit))
        now = postern_monotonic_ns() &+ clockAdvance
        turns &+= 1
        isTurning = true
        for index in 0..<max(0, Int(count)) {
            let event = unsafe ready[index]
            let token = event.token
            guard let source = sources[Int(UInt32(truncatingIfNeeded: token))], source.token == token else { continue }
            source.ready(Readiness(bits: event.events))
        }
        while let timer = timers.popDue(now: now) { timer.fire() }
        resumeReading()
        flush()
        if !atTurnEnd.isEmpty { runTurnEnd() }
        isTurning = false
        if !closed.isEmpty { closed.removeAll(keepingCapacity: true) }
    }

    private func timeout(_ limit: UInt64) -> Int64 {
        if !unread.isEmpty || !unflushed.isEmpty || !atTurnEnd.isEmpty { return 0 }
        let next = timers.next
        let untilTimer = next == LoopTimer.never ? LoopTimer.never : (next > now ? next - now : 0)
        let wait = min(untilTimer, limit)
        return wait == LoopTimer.never ? -1 : Int64(min(wait, UInt64(Int64.max)))
    }

    private func resumeReading() {
        guard !unread.isEmpty else { return }
        let streams = unread
        unread.removeAll(keepingCapacity: true)
        for stream in streams { stream.resumeReading() }
    }

    private func flush() {
        // Flushing may make more to flush (a drained stream lets its source go on): those follow in the same turn,
        // once. A source that always has more would else keep the loop to itself.
        var index = 0
        for _ in 0..<2 {
            let end = unflushed.count
            while index < end {
                unflushed[index].flush()
                index += 1
            }
        }
        if index == unflushed.count {
            unflushed.removeAll(keepingCapacity: true)
        } else {
            unflushed.removeFirst(index)
        }
    }

    private func runTurnEnd() {
        let actions = atTurnEnd
        atTurnEnd.removeAll(keepingCapacity: true)
        for action in actions { action() }
    }

    /// Puts a stream on the list of those that are written at the end of the turn.
    @inline(__always) func flushLater(_ stream: Stream) {
        unflushed.append(stream)
    }

    /// Lets a stream go on reading after the others had their turn.
    @inline(__always) func readLater(_ stream: Stream) {
        unread.append(stream)
    }

    /// Runs `action` on this loop when the current events are served; for what must not happen inside a callback.
    package func afterThisTurn(_ action: @escaping () -> Void) {
        atTurnEnd.append(action)
    }
}

/// A system call of the loop that failed.
package struct LoopError: Error, Equatable, CustomStringConvertible {
    package let call: String
    /// The errno.
    package let code: Int32

    package init(call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    package var description: String {
        unsafe "\(call): \(String(cString: strerror(code)))"
    }
}
