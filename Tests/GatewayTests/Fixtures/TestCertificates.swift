// Unsafe code: a child process started by hand.
import FoundationEssentials
import Glibc
import Testing

@testable import Gateway

/// Certificates made by openssl(1) in a folder of the test's own: `NAME.pem` and `NAME.key`, of the authority `ca`.
struct TestCertificates {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try run("req -x509 \(Self.newKey) -keyout ca.key -out ca.pem -days 3 -subj '/CN=Test CA'")
    }

    private static let newKey = "-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"

    /// A certificate for `names` (`DNS:…`, `IP:…`), or a client's without names.
    /// - Parameter days: from now to its end.
    func make(
        _ name: String, _ names: [String] = [], subject: String = "/CN=test", days: Int = 2, by authority: String = "ca"
    ) throws {
        let extensions = names.isEmpty ? "" : "-addext 'subjectAltName=\(names.joined(separator: ","))'"
        try run(
            "req -x509 -utf8 \(Self.newKey) -keyout \(name).key -out \(name).pem -days \(days) -subj '\(subject)' "
                + "-CA \(authority).pem -CAkey \(authority).key -addext basicConstraints=critical,CA:FALSE \(extensions)"
        )
    }

    func bytes(_ file: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: folder[file]))) }

    func identity(_ name: String) throws -> TLSIdentity {
        TLSIdentity(certificate: try bytes("\(name).pem"), key: try bytes("\(name).key"))
    }

    /// Runs openssl(1) in the folder.
    func run(_ arguments: String) throws {
        let script = "cd \(folder.path) && exec openssl \(arguments) >openssl.log 2>&1"
        var words: [UnsafeMutablePointer<CChar>?] = unsafe []
        for word in ["/bin/sh", "-c", script] { unsafe words.append(strdup(word)) }
        unsafe words.append(nil)
        defer { for index in 0..<3 { unsafe free(words[index]) } }
        var child: pid_t = 0
        let started = unsafe posix_spawn(&child, "/bin/sh", nil, nil, words, nil)
        try #require(started == 0)
        var status: Int32 = 0
        while unsafe waitpid(child, &status, 0) < 0 && errno == EINTR {}
        let log = (try? bytes("openssl.log")).map { String(decoding: $0, as: UTF8.self) } ?? ""
        try #require(status == 0, "openssl \(arguments): \(log)")
    }
}
