// Unsafe code: pthread's mutex lives at an address of its own.
import Glibc

/// A value that several threads change, one at a time.
///
/// pthread's mutex, not `Synchronization.Mutex`: the latter is handed from thread to waiting thread by the kernel, where
/// the thread sanitizer does not see it and reports races that are none.
///
/// `@unchecked Sendable` because the value is reached under the lock alone.
@safe final class Guarded<Value: Sendable>: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private var value: Value

    init(_ value: Value) {
        self.value = value
        unsafe mutex = UnsafeMutablePointer.allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deinitialize(count: 1)
        unsafe mutex.deallocate()
    }

    /// Runs `body` with the value, while no other thread does. It must not wait for anything.
    func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return body(&value)
    }
}
