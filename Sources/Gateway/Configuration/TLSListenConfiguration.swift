import Shared

/// What `postern.yaml` says of a listener that speaks TLS.
///
/// - `tls`: `{certificate: FILE, key: FILE}`, or a list of these. A client gets the one whose names have the host that it
///   asks for, else the first.
/// - `client_certificates`: `{ca: FILE, required: true}`: clients show a certificate of these authorities.
/// - `hsts`: `{max_age: 365d, include_subdomains: false, preload: false}`: browsers keep to https (RFC 6797).
struct TLSListenConfiguration: Sendable, Equatable {
    struct Identity: Sendable, Equatable {
        let certificate: TLSFile
        let key: TLSFile
    }
    struct Clients: Sendable, Equatable {
        let authorities: TLSFile
        let isRequired: Bool
    }
    let identities: [Identity]
    let clients: Clients?
    /// The field, with its CRLF; empty without one.
    let strictTransport: [UInt8]
    var minimumVersion = TLSVersion.tls12
    var usesKernel = false

    /// Reads the keys of a listener; nil after a problem.
    static func read(
        _ reader: ConfigurationReader, directory: String, _ credentials: Credentials
    ) -> TLSListenConfiguration? {
        let identities = reader.optional("tls", .list(of: .tlsIdentity(relativeTo: directory, credentials)))
        let clients = reader.optional("client_certificates", .mapping).flatMap { reader -> Clients? in
            let file = reader.required("ca", .tlsFile(relativeTo: directory, credentials), example: "clients-ca.pem")
            let isRequired = reader.value("required", .bool, default: true)
            return file.map { Clients(authorities: $0, isRequired: isRequired) }
        }
        let strictTransport = reader.optional("hsts", .mapping).map(field) ?? []
        guard let identities, clients != nil || !reader.has("client_certificates") else { return nil }
        guard identities.count <= TLSServer.certificateLimit else {
            reader.report(
                "tls", "there are more than \(TLSServer.certificateLimit) certificates for one listener",
                mend: "Use certificates with several names, or several listeners.")
            return nil
        }
        return TLSListenConfiguration(identities: identities, clients: clients, strictTransport: strictTransport)
    }

    private static func field(_ reader: ConfigurationReader) -> [UInt8] {
        let year = Duration.seconds(365 * 86400)
        let age = reader.value("max_age", .duration(in: .seconds(0) ... .seconds(10 * 365 * 86400)), default: year)
        let includesSubdomains = reader.value("include_subdomains", .bool, default: false)
        let isForLists = reader.value("preload", .bool, default: false)
        if isForLists && (!includesSubdomains || age < year) {
            reader.report(
                "preload", "browsers' lists take a host for a year at least, and with its subdomains",
                mend: "Add `include_subdomains: true` and `max_age: 365d`, or take `preload` out.")
        }
        var text = "Strict-Transport-Security: max-age=\(age.components.seconds)"
        if includesSubdomains { text += "; includeSubDomains" }
        if isForLists { text += "; preload" }
        return Array((text + "\r\n").utf8)
    }

    /// All files that it is made of.
    var files: [TLSFile] {
        identities.flatMap { [$0.certificate, $0.key] } + (clients.map { [$0.authorities] } ?? [])
    }

    /// Reads the files; nil after a problem with one of them.
    func load(tickets: TLSTickets, problems: ConfigurationProblems) -> TLSServer? {
        let read = identities.map { identity -> TLSIdentity? in
            let certificate = identity.certificate.readCertificates(problems)
            let key = identity.key.readKey(problems)
            guard let certificate, let key else { return nil }
            return TLSIdentity(certificate: certificate, key: key)
        }
        let policy = clients.map { clients in
            clients.authorities.readCertificates(problems).map {
                TLSServer.ClientCertificates(authorities: $0, isRequired: clients.isRequired)
            }
        }
        let usable = read.compactMap { $0 }
        guard usable.count == read.count, policy == nil || policy?.map({ _ in true }) == true else { return nil }
        do throws(TLSServerError) {
            return try TLSServer(
                identities: usable, minimumVersion: minimumVersion, clients: policy ?? nil, kernel: usesKernel,
                tickets: tickets)
        } catch {
            let file = blamed(error)
            problems.report(
                file.place, "\(file.path ?? "the file"): \(error.error.message)", mend: error.error.mend)
            return nil
        }
    }

    private func blamed(_ error: TLSServerError) -> TLSFile {
        if error.index < 0, let clients { return clients.authorities }
        let identity = identities[max(0, error.index)]
        return [.key, .mismatch].contains(error.error.what) ? identity.key : identity.certificate
    }

    /// What is no error yet: certificates that have ended, or end within two weeks.
    func warnings(_ server: TLSServer, now: Int64) -> [String] {
        zip(identities, server.expirations).compactMap { identity, end in
            let name = "\(identity.certificate.place): \(identity.certificate.path ?? "the certificate")"
            if end <= now { return "\(name) has expired" }
            let days = (end - now + 86399) / 86400
            return days <= 14 ? "\(name) expires within \(days) \(days == 1 ? "day" : "days")" : nil
        }
    }
}

extension ValueForm where Value == TLSListenConfiguration.Identity {
    static func tlsIdentity(relativeTo folder: String, _ credentials: Credentials) -> ValueForm {
        ValueForm { node in
            guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
            let file = ValueForm<TLSFile>.tlsFile(relativeTo: folder, credentials)
            let certificate = reader.required("certificate", file, example: "server.pem")
            let key = reader.required("key", file, example: "server.key")
            guard let certificate, let key else { return nil }
            return TLSListenConfiguration.Identity(certificate: certificate, key: key)
        }
    }
}
