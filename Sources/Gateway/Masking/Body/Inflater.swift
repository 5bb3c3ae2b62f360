// Unsafe code: zlib takes and fills memory.
import CZlib

/// Inflates one body: gzip (RFC 1952), or `deflate` (RFC 1950, and the bare RFC 1951 that some servers mean by it).
/// Used again from body to body. A body that swells beyond all measure is a fault.
@safe final class Inflater {
    enum Coding { case gzip, deflate }
    enum Fault: Error { case malformed, tooLong }

    /// Bytes that may come of one, once there are more than `plainLimit`: texts reach a tenth of it.
    static let ratioLimit = 200
    static let plainLimit: UInt64 = 1 << 20
    /// Bytes of one body in all.
    static let totalLimit: UInt64 = 1 << 30

    private let state: OpaquePointer
    private var coding = Coding.gzip
    private var hasBegun = false
    private var isAtEnd = false
    private var taken: UInt64 = 0
    private var given: UInt64 = 0

    /// Nil when memory is short.
    init?() {
        guard let state = unsafe postern_inflate_new() else { return nil }
        unsafe self.state = state
    }

    deinit { unsafe postern_inflate_free(state) }

    /// Makes ready for a body.
    func begin(_ coding: Coding) {
        self.coding = coding
        hasBegun = false
        isAtEnd = false
        taken = 0
        given = 0
    }

    /// Whether a body may end here: after a whole stream, or before any.
    var mayEnd: Bool { isAtEnd || !hasBegun && taken == 0 }

    /// Inflates from `input[start...]` into `room`, as far as both go.
    /// - Returns: how much was read, and how much there is in `room` now.
    func step(
        _ input: [UInt8], from start: Int, into room: inout [UInt8]
    ) throws(Fault) -> (consumed: Int, produced: Int) {
        if !hasBegun || isAtEnd {
            guard start < input.count else { return (0, 0) }
            // What stands behind a stream is another one, or does not belong there.
            guard !isAtEnd || coding == .gzip, begin(input[start]) else { throw .malformed }
        }
        var consumed = 0
        var produced = 0
        let result = unsafe input.withUnsafeBufferPointer { input in
            unsafe room.withUnsafeMutableBufferPointer { room in
                unsafe postern_inflate_step(
                    state, input.baseAddress.map { unsafe $0 + start }, input.count - start, &consumed,
                    room.baseAddress, room.count, &produced)
            }
        }
        taken &+= UInt64(consumed)
        given &+= UInt64(produced)
        if result == POSTERN_INFLATE_FAULT { throw .malformed }
        isAtEnd = result == POSTERN_INFLATE_END
        let isSwollen = given > Self.plainLimit && given / UInt64(Self.ratioLimit) > taken
        if isSwollen || given > Self.totalLimit { throw .tooLong }
        return (consumed, produced)
    }

    /// The first byte tells RFC 1950 from 1951: its low half is the method, 8, and no bare stream of a server begins so.
    private func begin(_ first: UInt8) -> Bool {
        hasBegun = true
        isAtEnd = false
        let form =
            switch coding {
            case .gzip: POSTERN_INFLATE_GZIP
            case .deflate: first & 0x0F == 8 && first >> 4 <= 7 ? POSTERN_INFLATE_ZLIB : POSTERN_INFLATE_RAW
            }
        return unsafe postern_inflate_begin(state, form)
    }
}
