import Testing

@testable import Gateway
@testable import Shared

@Suite("Configuration: listeners")
struct ListenConfigurationTests {
    private let certificates: TestCertificates

    init() throws {
        certificates = try TestCertificates()
        try certificates.make("a", ["DNS:a.example"])
        try certificates.make("b", ["DNS:b.example"])
    }

    private func read(_ text: String) throws -> (main: MainConfiguration?, problems: [String]) {
        let problems = ConfigurationProblems()
        try certificates.folder.write(text, to: "postern.yaml")
        let main = MainConfiguration.read(
            certificates.folder["postern.yaml"], runDirectory: certificates.folder.path,
            credentials: Credentials(folder: certificates.folder.path, systemd: nil), problems: problems)
        let found = problems.found.map { "\($0)".replacing(certificates.folder.path + "/", with: "") }
        return (main, found)
    }

    @Test("names follow what is spoken, and what differs has a name of its own")
    func names() throws {
        let (main, problems) = try read(
            """
            listen:
            - 127.0.0.1:80
            - {address: "127.0.0.1:443", tls: {certificate: a.pem, key: a.key}}
            - {address: "[::1]:443", tls: {certificate: a.pem, key: a.key}, hsts: {max_age: 1d}}
            - {address: "127.0.0.1:81", redirect: https}
            - {address: "127.0.0.1:82", redirect: https, port: 8443}
            - unix:gate.sock
            tls: {minimum_version: "1.3"}
            """)
        #expect(problems == [])
        let listen = try #require(main?.listen)
        #expect(listen.map(\.name) == ["http", "https", "https-2", "redirect", "redirect-2", "http"])
        #expect(main?.redirectPort(of: "redirect") == 443 && main?.redirectPort(of: "redirect-2") == 8443)
        #expect(main?.redirectPort(of: "http") == nil)
        #expect(main?.secured.keys.sorted() == ["https", "https-2"])
        let field = main?.secured["https-2"]?.configuration.strictTransport ?? []
        #expect(String(decoding: field, as: UTF8.self) == "Strict-Transport-Security: max-age=86400\r\n")
        let requests = ListenConfiguration.requests(listen, instead: nil)
        #expect(requests.first?.addresses.count == 2)
    }

    @Test("a key and its certificate may be credentials, of the folder that is named")
    func credentials() throws {
        let (main, problems) = try read(
            """
            listen:
            - {address: "127.0.0.1:1", tls: {certificate: "{credential:a.pem}", key: {credential: a.key}}}
            """)
        #expect(problems == [] && main?.secured.count == 1)
        let (_, missing) = try read(
            "listen: {address: '127.0.0.1:1', tls: {certificate: a.pem, key: '{credential:none}'}}\n")
        #expect(missing.count == 1 && missing.first?.contains("there is no such credential") == true, "\(missing)")
    }

    @Test("what is wrong is said with its place and the mend")
    func problems() throws {
        let (_, problems) = try read(
            """
            listen:
            - {address: "127.0.0.1:1", tls: {certificate: a.pem, key: b.key}}
            - {address: "127.0.0.1:2", tls: {certificate: none.pem, key: a.key}}
            - {address: "127.0.0.1:3", tls: {certificate: a.pem, key: a.key}, client_certificates: {ca: a.key}}
            - {address: "127.0.0.1:4", tls: {certificate: a.pem}}
            """)
        #expect(problems.count == 4, "\(problems)")
        for (place, what) in [
            ("postern.yaml:5:", "`listen.tls.key` is missing"),
            ("postern.yaml:2:", "b.key: the key does not belong to the certificate. Name the key"),
            ("postern.yaml:3:", "none.pem: the file does not exist"),
            ("postern.yaml:4:", "a.key: there is no certificate of an authority that can be used"),
        ] {
            #expect(problems.contains { $0.hasPrefix(place) && $0.contains(what) }, "\(what): \(problems)")
        }
    }

    @Test("the kernel's and the handshake's settings are read")
    func settings() throws {
        let (_, problems) = try read(
            "listen: 127.0.0.1:1\ntls: {minimum_version: 1.1, kernal: true}\n")
        #expect(problems.count == 2, "\(problems)")
    }

    @Test("keys that do not go together are refused")
    func combinations() throws {
        let cases = [
            "redirect: https, tls: {certificate: a.pem, key: a.key}", "port: 443", "hsts: {max_age: 1d}",
            "client_certificates: {ca: a.pem}", "redirect: http",
            "tls: {certificate: a.pem, key: a.key}, hsts: {preload: true}",
        ]
        for text in cases {
            let (_, problems) = try read("listen: [{address: '127.0.0.1:1', \(text)}]\n")
            #expect(problems.count == 1, "\(text): \(problems)")
        }
    }

    @Test("a credential is named in each of its spellings")
    func spellings() throws {
        for text in ["{credential: tls-key}", "{credential:tls-key}", "'{credential:tls-key}'"] {
            let problems = ConfigurationProblems()
            let reader = ConfigurationReader(text: "file: \(text)\n", file: "f", problems: problems)
            let file = reader.optional("file", .tlsFile(relativeTo: "/etc", Credentials(folder: "/c", systemd: nil)))
            reader.finish()
            #expect(file?.source == .credential("tls-key", folder: "/c") && problems.isEmpty, "\(text)")
        }
    }

    @Test("certificates that have ended, or end soon, are warned of")
    func expiry() throws {
        let (main, _) = try read("listen: {address: '127.0.0.1:1', tls: {certificate: a.pem, key: a.key}}\n")
        let end = try #require(main?.secured["https"]?.server.expirations.first)
        #expect(main?.warnings(now: end - 30 * 86400) == [])
        #expect(main?.warnings(now: end - 86400).first?.hasSuffix("a.pem expires within 1 day") == true)
        #expect(main?.warnings(now: end).first?.hasSuffix("a.pem has expired") == true)
    }
}
