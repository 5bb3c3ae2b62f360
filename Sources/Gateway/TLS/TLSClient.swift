// Unsafe code: names and PEM texts go to OpenSSL by pointer.
import CTLS
import Shared

/// What connections to one outside name are secured with. Verification is always on: the chain up to an authority, and
/// the name. Immutable but for the sessions that other connections resume, which all loops share.
///
/// Made on the control path, one for each service and name; its connections are secured so:
///
/// ```
/// let tls = try TLSClient(serverName: "api.example.com", authorities: nil, identity: nil, minimumVersion: .tls12)
/// let session = tls.makeSecurity()
/// let connection = try ClientConnection(
///     loop: loop, descriptor: descriptor, isConnecting: inProgress, security: session)
/// ```
///
/// The connection counts as connecting until the handshake is done and the peer is who it must be: `connectionDidOpen`
/// comes then, and the connect deadline covers it. A handshake that fails ends as `.connect(EPROTO)` (or another errno),
/// and `session.fault` and `session.problem` say why.
final class TLSClient: Sendable {
    private let handle: postern_tls_client
    let serverName: String

    /// - Parameters:
    ///   - serverName: the name, or the numeric address, that the peer's certificate must be for. A name is told to the
    ///     peer (SNI).
    ///   - authorities: a PEM text; the system's authorities without it.
    ///   - identity: what a peer that asks for a certificate is shown.
    init(
        serverName: String, authorities: [UInt8]?, identity: TLSIdentity?, minimumVersion: TLSVersion
    ) throws(TLSMaterialError) {
        self.serverName = serverName
        var made: postern_tls_client = 0
        try withTLSReason { reason, capacity in
            var fault: Int32 = 0
            let protocols = TLSProtocols.http
            made =
                if let authorities {
                    unsafe postern_tls_client_create(
                        serverName, minimumVersion.minor, authorities, authorities.count, protocols, protocols.count,
                        &fault, reason, capacity)
                } else {
                    unsafe postern_tls_client_create(
                        serverName, minimumVersion.minor, nil, 0, protocols, protocols.count, &fault, reason, capacity)
                }
            return fault
        }
        let handle = made
        self.handle = handle
        guard let identity else { return }
        try withTLSReason { reason, capacity in
            unsafe postern_tls_client_identify(
                handle, identity.certificate, identity.certificate.count, identity.key, identity.key.count, reason,
                capacity)
        }
    }

    deinit { postern_tls_client_destroy(handle) }

    /// What secures one new connection. `finished` is told of the handshake's end, on the loop.
    func makeSecurity(
        finished: @escaping (TLSSession, TLSFault?) -> Bool = { $1 == nil }
    ) -> TLSSession {
        TLSSession(open: { [self] descriptor in postern_tls_connect(handle, descriptor) }, finished: finished)
    }
}
