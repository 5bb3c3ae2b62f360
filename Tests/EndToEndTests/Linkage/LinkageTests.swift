import Shared
import Testing

/// Which libraries the built programs come to: crypto is the system's OpenSSL, where it is at all.
@Suite("What the programs link")
struct LinkageTests {
    /// Libraries that do cryptography, by how their names begin.
    private static let cryptoLibraries = [
        "libcrypto.", "libssl.", "libcrypt.", "libgcrypt.", "libgnutls", "libnettle", "libhogweed", "libmbed",
        "libwolfssl", "libsodium", "libnss3", "libnssutil3", "libsmime3", "libsoftokn3", "libfreebl", "libtomcrypt",
        "libbotan", "libboringssl", "liboqs", "libkcapi", "libcurl", "libFoundationNetworking",
    ]

    /// What each program may link of them.
    private static let allowed: [String: Set<String>] = [
        "postern": [],
        // TLS.
        "postern-gateway": ["libssl.so.3", "libcrypto.so.3"],
        "postern-data": [],
        // libcrypt is libxcrypt: bcrypt, by which the tutorial's passwords are hashed, is not in OpenSSL.
        "postern-auth": ["libcrypto.so.3", "libcrypt.so.1"],
    ]

    private static func isCrypto(_ library: String) -> Bool { cryptoLibraries.contains { library.hasPrefix($0) } }

    private func output(_ command: String...) throws -> [String] {
        let program = try RunningProgram("/usr/bin/env", command)
        let end = try program.end()
        try #require(end == .exited(0), "\(command): \(program.text)")
        return program.lines
    }

    /// The libraries that a file itself asks for (DT_NEEDED).
    private func needed(_ file: String) throws -> Set<String> {
        Set(
            try output("readelf", "--dynamic", "--wide", file).filter { $0.contains("(NEEDED)") }
                .compactMap { $0.split(separator: "[").last?.split(separator: "]").first.map(String.init) })
    }

    /// All that is loaded with a file: names, and where each is found.
    private func loaded(_ file: String) throws -> [String: String] {
        var paths: [String: String] = [:]
        for line in try output("ldd", file) {
            let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
            if words.count >= 3, words[1] == "=>" { paths[words[0]] = words[2] }
        }
        return paths
    }

    private func symbols(_ program: String, _ options: String...) throws -> [String] {
        let lines = try RunningProgram("/usr/bin/nm", options + [Project.program(program)])
        try #require(lines.end() == .exited(0))
        // Without the version that stands after an @.
        return lines.lines.compactMap { $0.split(separator: " ").last?.split(separator: "@").first.map(String.init) }
    }

    @Test(
        "OpenSSL is the only crypto library that a program links, and the gateway and postern-auth alone link it",
        arguments: Project.programs)
    func crypto(_ program: String) throws {
        let libraries = try needed(Project.program(program))
        #expect(libraries.contains("libc.so.6") && libraries.contains("libsystemd.so.0"))
        #expect(libraries.filter(Self.isCrypto) == Self.allowed[program])
    }

    @Test("What else is loaded of the kind comes in through libsystemd alone", arguments: Project.programs)
    func indirect(_ program: String) throws {
        let all = try loaded(Project.program(program))
        let direct = try #require(Self.allowed[program])
        let ofSystemd = try loaded(#require(all["libsystemd.so.0"]))
        #expect(Set(all.keys.filter(Self.isCrypto)).subtracting(direct).subtracting(ofSystemd.keys).isEmpty)
        #expect(direct.isSubset(of: Set(all.keys)))
    }

    @Test(
        "No program calls a function of another crypto library, and two alone one of OpenSSL",
        arguments: Project.programs)
    func calls(_ program: String) throws {
        let symbols = try symbols(program, "--dynamic", "--undefined-only")
        #expect(symbols.contains("malloc"))
        let foreign = ["gcry_", "_gcry_", "gnutls_", "nettle_", "mbedtls_", "wolfSSL_", "sodium_", "PK11_", "curl_"]
        #expect(symbols.filter { symbol in foreign.contains { symbol.hasPrefix($0) } } == [])
        let openSSL = ["EVP_", "HMAC", "SSL_", "RAND_", "CRYPTO_", "OPENSSL_", "BIO_", "X509_", "ERR_"]
        let called = symbols.filter { symbol in openSSL.contains { symbol.hasPrefix($0) } }
        #expect(called.isEmpty == !["postern-auth", "postern-gateway"].contains(program), "\(called)")
    }

    @Test("No crypto library is compiled in", arguments: Project.programs)
    func compiledIn(_ program: String) throws {
        let symbols = try symbols(program, "--defined-only")
        #expect(symbols.count > 1000)
        let foreign = [
            "CCryptoBoringSSL", "CNIOBoringSSL", "gcry_", "EVP_", "HMAC_", "SSL_", "$s6Crypto", "$s13_CryptoExtras",
            "$s6NIOSSL",
        ]
        #expect(symbols.filter { symbol in foreign.contains { symbol.hasPrefix($0) } }.prefix(3) == [])
    }
}
