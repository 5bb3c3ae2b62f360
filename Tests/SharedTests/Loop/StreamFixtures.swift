// Unsafe code: socket pairs and system calls by hand.
import Glibc
import Testing

@testable import Shared

/// Notes what a stream tells; takes all input unless told otherwise.
final class StreamRecorder: StreamDelegate {
    var received: [UInt8] = []
    var reads = 0
    var connected = 0
    var ended = 0
    var drained = 0
    var hungUp = 0
    var failures: [LoopError] = []
    var takesInput = true
    var onRead: ((Stream) -> Void)?
    var onDrain: ((Stream) -> Void)?

    func streamDidConnect(_ stream: Stream) { connected += 1 }
    func streamDidRead(_ stream: Stream) {
        reads += 1
        if takesInput { take(stream) }
        onRead?(stream)
    }
    func streamDidEnd(_ stream: Stream) { ended += 1 }
    func streamDidDrain(_ stream: Stream) {
        drained += 1
        onDrain?(stream)
    }
    func streamDidHangUp(_ stream: Stream) { hungUp += 1 }
    func streamDidFail(_ stream: Stream, _ error: LoopError) { failures.append(error) }

    func take(_ stream: Stream) {
        received += stream.inputBytes
        stream.consume(stream.inputCount)
    }

    var text: String { String(decoding: received, as: UTF8.self) }
}

extension Stream {
    /// A copy of the bytes that can be consumed now.
    var inputBytes: [UInt8] {
        input?.withBytes { bytes in bytes.copied } ?? []
    }
}

extension RawSpan {
    /// A copy of the bytes.
    var copied: [UInt8] {
        unsafe withUnsafeBytes { pointer in unsafe Array(pointer) }
    }
}

/// A stream with its recorder and its peer.
struct StreamUnderTest {
    let loop: EventLoop
    let stream: Stream
    let recorder = StreamRecorder()
    let peer: Peer

    init(_ transport: Transport = .unix, on loop: EventLoop? = nil) throws {
        let (descriptor, peer) = try transport.pair()
        try self.init(loop ?? makeLoop(), descriptor, peer)
    }

    init(_ loop: EventLoop, _ descriptor: Int32, _ peer: Peer) throws {
        self.loop = loop
        self.peer = peer
        stream = try Stream(loop: loop, descriptor: descriptor)
        stream.delegate = recorder
    }
}

/// `==` as fast as the memory, also where tests are not optimised.
func areSame(_ one: [UInt8], _ other: [UInt8]) -> Bool {
    unsafe one.count == other.count && memcmp(one, other, one.count) == 0
}

/// Bytes that tell where they came from: a gap or a swap shows.
func pattern(_ count: Int) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count + patternPiece.count)
    while bytes.count < count { bytes += patternPiece }
    return Array(bytes.prefix(count))
}

/// A prime number of bytes, so that no buffer's size is a multiple of it.
private let patternPiece = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
