// Unsafe code: PEM texts go to OpenSSL by pointer.
import CTLS

/// A certificate with its chain, and its key; both PEM texts.
struct TLSIdentity: Sendable, Equatable {
    let certificate: [UInt8]
    let key: [UInt8]
}

/// The least version that a peer must speak.
enum TLSVersion: String, Sendable, CaseIterable {
    case tls12 = "1.2"
    case tls13 = "1.3"

    var minor: Int32 { self == .tls13 ? 3 : 2 }
}

/// What is wrong with certificates or keys, in a person's words.
struct TLSMaterialError: Error, Equatable, Sendable {
    enum What: Int32, Sendable {
        case certificate = 1
        case chain, key, mismatch, authority, other
    }
    let what: What
    /// OpenSSL's own word for it.
    let reason: String

    init(_ fault: Int32, _ reason: String) {
        what = What(rawValue: fault) ?? .other
        self.reason = reason
    }

    /// What is wrong, without a period at its end.
    var message: String {
        switch what {
        case .certificate: "this is no certificate that can be used (\(reason))"
        case .chain: "the certificates behind the first one cannot be read (\(reason))"
        case .key: "this is no private key that can be used (\(reason))"
        case .mismatch: "the key does not belong to the certificate"
        case .authority: "there is no certificate of an authority that can be used (\(reason))"
        case .other: "OpenSSL cannot use it (\(reason))"
        }
    }

    var mend: String {
        switch what {
        case .certificate, .chain: "Write PEM: the server's certificate first, then those that lead to the authority's."
        case .key: "Write a private key in PEM without a passphrase."
        case .mismatch: "Name the key for which the certificate was made."
        case .authority: "Write one or more certificates in PEM."
        case .other: "Check the files with openssl(1)."
        }
    }
}

/// Names of application protocols in the form of the wire (RFC 7301 section 3.1), in our order. HTTP/2 comes before it.
enum TLSProtocols {
    static let http: [UInt8] = [8] + Array("http/1.1".utf8)
}

/// Calls C with room for its reason; throws that.
@safe func withTLSReason(
    _ body: (_ reason: UnsafeMutablePointer<CChar>, _ capacity: Int) -> Int32
) throws(TLSMaterialError) {
    var fault: Int32 = 0
    let text = unsafe String(unsafeUninitializedCapacity: 256) { room in
        unsafe room.withMemoryRebound(to: CChar.self) { room in
            guard let base = room.baseAddress else { return 0 }
            unsafe base.pointee = 0
            fault = unsafe body(base, room.count)
            return unsafe room.firstIndex(of: 0) ?? room.count
        }
    }
    guard fault == POSTERN_TLS_GOOD else { throw TLSMaterialError(fault, text) }
}
