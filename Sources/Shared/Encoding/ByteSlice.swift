// Unsafe code: the bytes of slices, for a comparison and a search.

/// A comparison and a search for who judges many bytes: whole words at a time, where the library's go byte by byte.
extension ArraySlice<UInt8> {
    /// Whether both hold the same bytes. How long it takes tells how much of them is: not for secrets.
    package func isSame(as other: ArraySlice<UInt8>) -> Bool {
        unsafe Bytes.areSame(span.bytes, other.span.bytes)
    }

    /// Where `byte` stands first, at `start` or behind it; nil where it does not.
    package func place(of byte: UInt8, from start: Int) -> Int? {
        guard start >= startIndex else { return nil }
        let found = unsafe Bytes.first(byte, in: span.bytes, start - startIndex, count)
        return found.map { $0 + startIndex }
    }
}
