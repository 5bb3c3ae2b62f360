import FoundationEssentials
import Shared
import Testing

/// A key of an issuer: openssl(1) makes it and signs with it, another program than the one that verifies.
struct IssuerKey: Sendable {
    let kid: String
    private let path: String
    private let modulus: String

    init(_ kid: String, in certificates: CertificateFolder, file: String? = nil) throws {
        self.kid = kid
        path = certificates.path("\(file ?? kid).private")
        let made = try RunningProgram("/usr/bin/openssl", ["genrsa", "-out", path, "2048"])
        try #require(made.end() == .exited(0), "\(made.text)")
        let shown = try RunningProgram("/usr/bin/openssl", ["rsa", "-in", path, "-noout", "-modulus"])
        try #require(shown.end() == .exited(0))
        let digits = Array(try #require(shown.lines.first { $0.hasPrefix("Modulus=") }).dropFirst(8))
        let bytes = stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(String(digits[$0..<$0 + 2]), radix: 16)
        }
        modulus = JWT.encode(bytes)
    }

    /// As an issuer publishes it.
    var jwk: String {
        #"{"use":"sig","kty":"RSA","kid":"\#(kid)","alg":"RS256","n":"\#(modulus)","e":"AQAB"}"#
    }

    func sign(_ claims: String) throws -> String {
        let signed = "\(JWT.encode(#"{"alg":"RS256","kid":"\#(kid)","typ":"JWT"}"#)).\(JWT.encode(claims))"
        let program = try RunningProgram(
            "/bin/sh",
            ["-c", #"printf %s "$1" | openssl dgst -sha256 -sign "$2" | base64 -w0"#, "sh", signed, path])
        try #require(program.end() == .exited(0), "\(program.text)")
        let plain = try #require(program.lines.last)
        return "\(signed).\(plain.replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: ""))"
    }
}

/// An issuer on the web, as Clerk is one: an HTTPS service with an authority of its own, that publishes keys and counts
/// who asks for them. By Python, another implementation of TLS and HTTP than ours.
final class FakeIssuer {
    let certificates: CertificateFolder
    let name: String
    private let folder: String
    private(set) var program: RunningProgram?
    private(set) var port: UInt16 = 0

    /// - Parameter mode: how it begins, see `behave`.
    init(_ certificates: CertificateFolder, _ name: String, mode: String = "ok") throws {
        self.certificates = certificates
        self.name = "https://\(name).example"
        folder = "issuer-\(name)"
        try certificates.folder.write(Self.source, to: "\(folder)/serve.py")
        try publish()
        try behave(mode)
        try start()
    }

    var url: String { "https://127.0.0.1:\(port)/.well-known/jwks.json" }

    /// An entry of auth.yaml.
    func entry(_ more: String = "") -> String {
        "- issuer: \(name)\n  jwks: {url: \"\(url)\", ca: \(certificates.path("ca.pem"))}\n" + more
    }

    func publish(_ keys: IssuerKey...) throws {
        try certificates.folder.write(
            #"{"keys":[\#(keys.map(\.jwk).joined(separator: ","))]}"#, to: "\(folder)/jwks.json")
    }

    /// `ok`, `fail`, or `slow SECONDS`.
    func behave(_ mode: String) throws { try certificates.folder.write(mode, to: "\(folder)/mode") }

    /// Starts it, on the port that it had.
    func start() throws {
        let program = try RunningProgram(
            "/usr/bin/python3",
            [
                certificates.path("\(folder)/serve.py"), certificates.path(folder), "\(port)",
                certificates.path("server.pem"), certificates.path("server.key"),
            ])
        self.program = program
        port = try #require(UInt16(try program.line { $0.hasPrefix("port ") }.dropFirst(5)))
    }

    func stop() {
        program?.kill()
        program = nil
    }

    /// Lines `request PATH TAG`.
    var fetches: [String] { program?.lines.filter { $0.hasPrefix("request ") } ?? [] }

    /// A token of this issuer, with these claims beside its times.
    func token(
        _ key: IssuerKey, _ claims: String = #""sub":"user_2abc","sid":"sess_1""#, issuer: String? = nil,
        from: Int = -1, to: Int = 60
    ) throws -> String {
        let now = Int(Date().timeIntervalSince1970)
        return try key.sign(
            #"{"iss":"\#(issuer ?? name)","iat":\#(now + from),"nbf":\#(now + from),"exp":\#(now + to),\#(claims)}"#)
    }

    /// What looks like a token of a key that nobody has.
    func stray(_ number: Int) -> String {
        let now = Int(Date().timeIntervalSince1970)
        let header = JWT.encode(#"{"alg":"RS256","kid":"stray-\#(number)"}"#)
        let payload = JWT.encode(#"{"iss":"\#(name)","sub":"x","iat":\#(now),"exp":\#(now + 60)}"#)
        return "\(header).\(payload).\(JWT.encode("signature \(number)"))"
    }

    private static let source = """
        import hashlib, http.server, ssl, sys, time
        folder = sys.argv[1]
        def read(name):
            with open(folder + '/' + name, 'rb') as file: return file.read()
        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = 'HTTP/1.1'
            def do_GET(self):
                known = self.headers.get('If-None-Match')
                print('request', self.path, known, flush=True)
                mode = read('mode').decode().split()
                if mode[0] == 'slow': time.sleep(float(mode[1]))
                body = read('jwks.json')
                tag = '"' + hashlib.sha256(body).hexdigest()[:16] + '"'
                status = 500 if mode[0] == 'fail' else 304 if known == tag else 200
                self.send_response(status)
                self.send_header('ETag', tag)
                self.send_header('Cache-Control', 'public, max-age=300')
                self.send_header('Content-Type', 'application/json')
                if status != 304: self.send_header('Content-Length', str(len(body)))
                self.end_headers()
                if status != 304: self.wfile.write(body)
            def log_message(self, *arguments): pass
        class Server(http.server.ThreadingHTTPServer):
            daemon_threads = True
            def handle_error(self, request, address): pass
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[3], sys.argv[4])
        server = Server(('127.0.0.1', int(sys.argv[2])), Handler)
        server.socket = context.wrap_socket(server.socket, server_side=True)
        print('port', server.server_address[1], flush=True)
        server.serve_forever()
        """
}
