/// A body that is made piece by piece while it leaves: memory stays flat however long it is.
package struct ServiceBody: Sendable {
    /// The next piece; nil after the last. Asked for from a task, when the pieces before it have mostly left. An error
    /// breaks the response off, so that nobody takes it for whole.
    package let next: @Sendable () async throws -> [UInt8]?

    package init(_ next: @escaping @Sendable () async throws -> [UInt8]?) {
        self.next = next
    }
}
