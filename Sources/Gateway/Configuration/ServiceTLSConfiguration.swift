import FoundationEssentials
import Shared

/// `tls:` in a service's file, for its `https://` addresses. Certificates are always verified, and nothing here or in a
/// URL turns that off.
///
/// - `ca`: a file of authorities in place of the system's.
/// - `certificate`, `key`: what an instance that asks for a certificate is shown.
/// - `server_name`: the name that certificates must be for, where it is not the host of the URL.
/// - `minimum_version`: `1.2` (default) or `1.3`.
///
/// Files are named by their path, relative to the folder of the configuration, or as `{credential:NAME}`.
struct ServiceTLSConfiguration {
    var settings = UpstreamTLS.Settings()
    var serverName: String?

    static func read(
        _ reader: ConfigurationReader, directory: String, credentials: Credentials
    ) -> ServiceTLSConfiguration {
        var tls = ServiceTLSConfiguration()
        let files = ServiceFiles(directory: directory, credentials: credentials)
        tls.settings.authorities = reader.optional("ca", files.certificates)
        let certificate = reader.optional("certificate", files.certificates)
        let key = reader.optional("key", files.secret)
        if reader.has("certificate") != reader.has("key") {
            let given = reader.has("key") ? "key" : "certificate"
            reader.report(
                given, "a certificate and its key go together",
                mend: "Add `\(given == "key" ? "certificate" : "key")`.")
        }
        if let certificate, let key { tls.settings.identity = TLSIdentity(certificate: certificate, key: key) }
        tls.serverName = reader.optional("server_name", .hostName)
        tls.settings.minimumVersion = reader.value("minimum_version", .word, default: .tls12)
        return tls
    }
}

/// Files that a service's file names.
struct ServiceFiles {
    let directory: String
    let credentials: Credentials

    private static let limit = 1 << 20

    /// Nil after a problem, and where credentials are not read.
    var certificates: ValueForm<[UInt8]> {
        file { path throws(SecretFile.Failure) in
            guard let bytes = FileManager.default.contents(atPath: path), bytes.count <= Self.limit else {
                throw SecretFile.Failure(
                    path: path, message: "the file is not there, cannot be read, or is too long",
                    mend: "Create it, or give the user who runs this the right to read it.")
            }
            return Array(bytes)
        }
    }

    /// A file that nobody else may read.
    var secret: ValueForm<[UInt8]> {
        file { path throws(SecretFile.Failure) in try SecretFile(path: path).read() }
    }

    private func file(_ read: @escaping (String) throws(SecretFile.Failure) -> [UInt8]) -> ValueForm<[UInt8]> {
        ValueForm { node in
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "a file", mend: "Write its path, or \"{credential:NAME}\".")
                return nil
            }
            do throws(SecretFile.Failure) {
                if let name = ServiceFiles.credential(text) { return try credentials.credential(name).bytes }
                guard credentials.readsFiles else { return nil }
                return try read(text.hasPrefix("/") ? text : "\(directory)/\(text)")
            } catch {
                node.report("`\(node.name)`: \(error.path): \(error.message)", mend: error.mend)
                return nil
            }
        }
    }

    private static func credential(_ text: String) -> String? {
        guard text.hasPrefix("{credential:"), text.hasSuffix("}") else { return nil }
        return String(text.dropFirst(12).dropLast())
    }
}

extension ValueForm where Value == String {
    /// A name or a numeric address.
    fileprivate static var hostName: ValueForm {
        ValueForm { node in
            guard let text = node.text, !node.isEmpty else {
                node.reportMismatch(expected: "a name", mend: "Write for example api.example.com.")
                return nil
            }
            if let address = IPAddress(text) { return address.description }
            do throws(ServiceURL.Fault) {
                return try HostName.check(text)
            } catch {
                node.report("`\(node.name)`: \(error.message)", mend: error.mend)
                return nil
            }
        }
    }
}
