// Unsafe code: PEM texts go to OpenSSL by pointer.
import CTLS

/// What a listener is secured with: certificates, chosen by the name that a client asks for, and the rules of the
/// handshake. Immutable; shared by all loops. A connection keeps the one that it began with.
final class TLSServer: Sendable {
    /// Client certificates: whose, and whether there must be one.
    struct ClientCertificates: Sendable, Equatable {
        /// PEM.
        let authorities: [UInt8]
        let isRequired: Bool
    }

    private let handle: postern_tls_server
    private let tickets: TLSTickets
    let asksForCertificate: Bool
    /// The seconds of the epoch at which each certificate ends.
    let expirations: [Int64]
    static let certificateLimit = 64

    /// - Parameters:
    ///   - identities: one at least; the first is for clients that name no host, or one that no certificate is for.
    ///   - kernel: has the kernel encrypt where it can (kTLS).
    init(
        identities: [TLSIdentity], minimumVersion: TLSVersion, clients: ClientCertificates?, kernel: Bool,
        tickets: TLSTickets
    ) throws(TLSServerError) {
        self.tickets = tickets
        asksForCertificate = clients != nil
        let handle = unsafe postern_tls_server_create(
            tickets.handle, minimumVersion.minor, TLSProtocols.http, TLSProtocols.http.count, kernel)
        guard handle != 0 else { throw TLSServerError(index: 0, error: TLSMaterialError(0, "out of memory")) }
        var expirations: [Int64] = []
        for (index, identity) in identities.enumerated() {
            var expires: Int64 = 0
            do throws(TLSMaterialError) {
                try withTLSReason { reason, capacity in
                    unsafe postern_tls_server_add(
                        handle, identity.certificate, identity.certificate.count, identity.key, identity.key.count,
                        &expires, reason, capacity)
                }
            } catch {
                postern_tls_server_destroy(handle)
                throw TLSServerError(index: index, error: error)
            }
            expirations.append(expires)
        }
        self.handle = handle
        self.expirations = expirations
        guard let clients else { return }
        do throws(TLSMaterialError) {
            try withTLSReason { reason, capacity in
                unsafe postern_tls_server_ask_client(
                    handle, clients.authorities, clients.authorities.count, clients.isRequired, reason, capacity)
            }
        } catch {
            throw TLSServerError(index: -1, error: error)
        }
    }

    deinit { postern_tls_server_destroy(handle) }

    /// What secures one accepted connection.
    /// - Parameter counters: of the connection's loop.
    func makeSecurity(counting counters: TLSCounters) -> TLSSession {
        TLSSession { [self] descriptor in
            postern_tls_accept(handle, descriptor)
        } finished: { [asksForCertificate] session, fault in
            // Who is not told of by a name cannot be told of to a service.
            let isNamed = fault != nil || !asksForCertificate || session.peerSubject != nil
            counters.count(isNamed ? fault : .certificate, wasResumed: fault == nil && session.wasResumed)
            return fault == nil && isNamed
        }
    }
}

/// Which of the certificates cannot be used, and why; -1 for the authorities of clients.
struct TLSServerError: Error, Equatable, Sendable {
    let index: Int
    let error: TLSMaterialError
}
