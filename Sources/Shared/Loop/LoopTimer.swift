// Unsafe code: a reference to the loop that is not counted.

/// A deadline on a loop. Moving it later, or off, is one store: the heap is touched only when it must ring earlier
/// than it already would, so a deadline that is renewed with each request costs nothing.
@safe package final class LoopTimer {
    /// When to ring, in nanoseconds of the loop's clock; `never` for not at all.
    package private(set) var deadline = LoopTimer.never
    package static let never = UInt64.max

    /// Where it stands in the heap, -1 when it does not.
    var heapIndex = -1
    /// When the heap will look at it: never later than `deadline`.
    var heapDeadline = LoopTimer.never
    private let ring: () -> Void
    /// Without a count: whoever holds a timer holds its loop, and timers are set with every request.
    private unowned(unsafe) let loop: EventLoop

    /// `ring` is kept until the timer goes: let it hold its owner weakly or unowned.
    package init(loop: EventLoop, ring: @escaping () -> Void) {
        unsafe self.loop = loop
        self.ring = ring
    }

    /// Rings once at `deadline` unless it is set anew before.
    @inline(__always) package func set(_ deadline: UInt64) {
        self.deadline = deadline
        if deadline < heapDeadline { unsafe loop.timers.schedule(self) }
    }

    /// Rings once, `nanoseconds` after the beginning of this turn; a time beyond the clock's end never comes.
    @inline(__always) package func set(after nanoseconds: UInt64) {
        let (deadline, isBeyond) = unsafe loop.now.addingReportingOverflow(nanoseconds)
        set(isBeyond ? Self.never : deadline)
    }

    /// Does not ring until it is set again.
    @inline(__always) package func cancel() {
        deadline = Self.never
    }

    /// Leaves the heap at once; for owners that go.
    package func invalidate() {
        deadline = Self.never
        unsafe loop.timers.remove(self)
    }

    func fire() {
        deadline = Self.never
        ring()
    }
}

/// The timers of one loop: a binary heap by the time at which each must be looked at.
struct TimerHeap {
    private var heap: [LoopTimer] = []

    /// When the first timer must be looked at.
    var next: UInt64 { heap.first?.heapDeadline ?? LoopTimer.never }
    var count: Int { heap.count }

    mutating func schedule(_ timer: LoopTimer) {
        timer.heapDeadline = timer.deadline
        if timer.heapIndex < 0 {
            timer.heapIndex = heap.count
            heap.append(timer)
        }
        siftUp(timer.heapIndex)
    }

    mutating func remove(_ timer: LoopTimer) {
        let index = timer.heapIndex
        guard index >= 0 else { return }
        timer.heapIndex = -1
        timer.heapDeadline = LoopTimer.never
        let last = heap.removeLast()
        guard last !== timer else { return }
        heap[index] = last
        last.heapIndex = index
        siftUp(index)
        siftDown(last.heapIndex)
    }

    /// The next timer whose deadline has come; ones that were moved meanwhile are put where they belong.
    mutating func popDue(now: UInt64) -> LoopTimer? {
        while let first = heap.first, first.heapDeadline <= now {
            if first.deadline <= now {
                remove(first)
                return first
            }
            if first.deadline == LoopTimer.never {
                remove(first)
            } else {
                first.heapDeadline = first.deadline
                siftDown(0)
            }
        }
        return nil
    }

    private mutating func siftUp(_ from: Int) {
        var index = from
        while index > 0 {
            let parent = (index - 1) / 2
            guard heap[index].heapDeadline < heap[parent].heapDeadline else { return }
            exchange(index, parent)
            index = parent
        }
    }

    private mutating func siftDown(_ from: Int) {
        var index = from
        while true {
            let left = 2 * index + 1
            guard left < heap.count else { return }
            let right = left + 1
            let child = right < heap.count && heap[right].heapDeadline < heap[left].heapDeadline ? right : left
            guard heap[child].heapDeadline < heap[index].heapDeadline else { return }
            exchange(index, child)
            index = child
        }
    }

    private mutating func exchange(_ a: Int, _ b: Int) {
        heap.swapAt(a, b)
        heap[a].heapIndex = a
        heap[b].heapIndex = b
    }
}
