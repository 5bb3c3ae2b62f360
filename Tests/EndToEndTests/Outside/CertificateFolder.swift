import Shared
import Testing

/// Certificates that openssl(1) makes for a test: an authority of its own, and what it signs.
struct CertificateFolder {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try authority("ca")
    }

    func path(_ name: String) -> String { "\(folder.path)/\(name)" }

    /// NAME.pem and NAME.key: an authority.
    func authority(_ name: String) throws {
        try openssl(
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
            "-keyout", path("\(name).key"), "-out", path("\(name).pem"), "-subj", "/CN=\(name)")
    }

    /// NAME.pem and NAME.key: a certificate of an authority for a host; `days` may be past.
    func certificate(_ name: String, for host: String, by authority: String = "ca", days: Int = 2) throws {
        let kind = host.first?.isNumber == true ? "IP" : "DNS"
        try folder.write("subjectAltName=\(kind):\(host)\n", to: "\(name).ext")
        try openssl(
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", path("\(name).key"),
            "-out", path("\(name).csr"), "-subj", "/CN=\(name)")
        var arguments = [
            "x509", "-req", "-in", path("\(name).csr"), "-CA", path("\(authority).pem"), "-CAkey",
            path("\(authority).key"), "-CAcreateserial", "-extfile", path("\(name).ext"), "-out", path("\(name).pem"),
        ]
        arguments += ["-days", "\(days)"]
        try openssl(arguments)
    }

    private func openssl(_ arguments: String...) throws { try openssl(arguments) }

    private func openssl(_ arguments: [String]) throws {
        let program = try RunningProgram("/usr/bin/openssl", arguments)
        try #require(program.end() == .exited(0), "\(program.text)")
    }
}

/// An HTTPS server by Python's ssl, another implementation's use of TLS than ours. It writes down who asked, and how.
final class HTTPSServer: Sendable {
    let program: RunningProgram
    let port: UInt16

    /// - Parameter clientAuthority: whose certificates clients must show.
    init(_ certificates: CertificateFolder, _ name: String = "server", clientAuthority: String? = nil) throws {
        try certificates.folder.write(Self.source, to: "server.py")
        var arguments = [
            certificates.path("server.py"), certificates.path("\(name).pem"), certificates.path("\(name).key"),
        ]
        if let clientAuthority { arguments.append(certificates.path("\(clientAuthority).pem")) }
        program = try RunningProgram("/usr/bin/python3", arguments)
        let line = try program.line { $0.hasPrefix("port ") }
        port = try #require(UInt16(line.dropFirst(5)))
    }

    /// Lines `request NAME ALPN SUBJECT VERSION | first line | fields`.
    var requests: [String] { program.lines.filter { $0.hasPrefix("request ") } }

    private static let source = """
        import http.server, ssl, sys
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def answer(self):
                peer = self.connection.getpeercert() or {}
                subject = [value for part in peer.get('subject', ()) for key, value in part]
                print('request', getattr(self.connection, 'asked', None), self.connection.selected_alpn_protocol(),
                      subject, self.connection.version(), '|', self.requestline, '|', dict(self.headers), flush=True)
                length = int(self.headers.get('Content-Length') or 0)
                body = self.rfile.read(length) or b'secure'
                self.send_response(200)
                self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                self.wfile.write(body)
            do_GET = do_POST = answer
            def log_message(self, *arguments): pass
        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            def handle_error(self, request, address): print('refused', sys.exc_info()[1], flush=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        context.set_alpn_protocols(['h2', 'http/1.1'])
        if len(sys.argv) > 3:
            context.load_verify_locations(sys.argv[3])
            context.verify_mode = ssl.CERT_REQUIRED
        def asked(connection, name, context): connection.asked = name
        context.sni_callback = asked
        server = Server(('127.0.0.1', 0), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=True)
        print('port', server.server_address[1], flush=True)
        server.serve_forever()
        """
}
