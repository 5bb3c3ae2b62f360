/// Output of a stream that was closed before it wrote a byte of it. Its buffers go to another stream, or back to the pool.
package final class UnsentOutput {
    private var buffers: [Buffer]
    /// Bytes.
    package private(set) var count: Int
    private let pool: BufferPool

    init(buffers: [Buffer], count: Int, pool: BufferPool) {
        self.buffers = buffers
        self.count = count
        self.pool = pool
    }

    deinit {
        for buffer in buffers { pool.give(buffer) }
    }

    func take() -> (buffers: [Buffer], count: Int) {
        defer {
            buffers = []
            count = 0
        }
        return (buffers, count)
    }
}
