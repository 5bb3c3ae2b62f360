// Unsafe code: bytes go to and from OpenSSL by pointer; texts of C.
import CTLS
import Glibc
import Shared

/// TLS on one connection, on either side. Confined to its loop.
@safe final class TLSSession: StreamSecurity {
    /// Makes OpenSSL's part once the descriptor is known; 0 where there is no memory.
    private let open: (Int32) -> postern_tls_session
    /// Told of the handshake's end, on the loop: nil for success. A false answer refuses the peer all the same.
    private let finished: (TLSSession, TLSFault?) -> Bool
    private var handle: postern_tls_session = 0

    init(
        open: @escaping (Int32) -> postern_tls_session,
        finished: @escaping (TLSSession, TLSFault?) -> Bool = { $1 == nil }
    ) {
        self.open = open
        self.finished = finished
    }

    deinit { postern_tls_session_destroy(handle) }

    // MARK: What was agreed

    /// Why the handshake failed; nil while it has not.
    var fault: TLSFault? { handle == 0 ? nil : TLSFault(rawValue: postern_tls_fault(handle)) }
    /// The same in OpenSSL's words, for a log.
    var problem: String { handle == 0 ? "" : unsafe String(cString: postern_tls_problem(handle)) }
    /// The keys of an earlier session were used.
    var wasResumed: Bool { handle != 0 && postern_tls_was_resumed(handle) }

    /// The most that a subject may have, in bytes.
    static let subjectLimit = 2048

    /// The subject of the peer's verified certificate as RFC 2253 writes it, in printable ASCII. Empty without a
    /// certificate; nil for one without a subject, or with one that is too long.
    var peerSubject: [UInt8]? {
        guard handle != 0 else { return [] }
        var text = [CChar](repeating: 0, count: Self.subjectLimit)
        let length = unsafe postern_tls_peer_subject(handle, &text, text.count)
        return length < 0 ? nil : text.prefix(length).map(UInt8.init(bitPattern:))
    }

    // MARK: StreamSecurity

    var pieceSize: Int { Int(POSTERN_TLS_RECORD) }

    func attach(_ descriptor: Int32) {
        handle = open(descriptor)
    }

    func inputDidArrive(isEnd: Bool) {
        if handle != 0 { postern_tls_input_arrived(handle, isEnd) }
    }

    func shakeHands() -> StreamSecurityResult {
        guard handle != 0 else {
            errno = ENOMEM
            return .failed
        }
        let result = StreamSecurityResult(count: postern_tls_handshake(handle))
        if result == .wantsInput || result == .wantsOutput { return result }
        let code = errno
        let isGood = finished(self, result.count < 0 ? fault ?? .closed : nil)
        errno = code
        return result.count >= 0 && !isGood ? .refused : result
    }

    @unsafe func receive(_ bytes: UnsafeMutableRawPointer, _ capacity: Int) -> StreamSecurityResult {
        StreamSecurityResult(count: unsafe postern_tls_read(handle, bytes, capacity))
    }

    var mayReceive: Bool { postern_tls_may_read(handle) }

    @unsafe func send(_ bytes: UnsafeRawPointer, _ count: Int) -> StreamSecurityResult {
        StreamSecurityResult(count: unsafe postern_tls_write(handle, bytes, count))
    }

    func announceEnd() -> StreamSecurityResult {
        StreamSecurityResult(count: postern_tls_end(handle))
    }

    func isQuiet() -> Bool { postern_tls_is_quiet(handle) }
}

/// Why a handshake failed, coarsely.
enum TLSFault: Int32, CaseIterable, Sendable {
    /// Bytes that are no TLS, or TLS that breaks its rules.
    case `protocol` = 1
    /// Plain HTTP.
    case http
    /// No version in common.
    case version
    /// No cipher, group or signature algorithm in common.
    case cipher
    /// The peer's certificate: missing, not trusted, of another name.
    case certificate
    /// No application protocol in common.
    case application
    /// The peer sent an alert: it does not like what it got.
    case alert
    /// The peer went away.
    case closed

    /// In counters and logs.
    var name: String { "\(self)" }
}
