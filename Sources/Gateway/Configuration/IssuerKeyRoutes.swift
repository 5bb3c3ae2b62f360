import FoundationEssentials
import Shared

/// The URLs of issuers' keys that `auth.yaml` names, as services and as routes of the egress socket: postern-auth has no
/// network, and these are what it may reach. Nobody writes a file for them.
struct IssuerKeyRoutes {
    private(set) var services: [ServiceConfiguration] = []
    private(set) var routes: [(pattern: RoutePattern, value: RouteRule, source: String)] = []

    /// Nanoseconds for an answer to begin. Who asks waits no longer.
    private static let answerTime: UInt64 = 5_000_000_000

    /// - Parameters:
    ///   - directory: the folder of the configuration.
    ///   - first: the place of the first of these services among all.
    init(in directory: String, first: Int, _ context: RouteContext) {
        let file = "\(directory)/auth.yaml"
        for address in IssuerKeyAddress.all(in: file) {
            do throws(Refusal) {
                let url = try Self.url(address)
                let service = try Self.service(address, url, directory, context)
                routes.append(try Self.route(address, url, service: first + services.count, file, context))
                services.append(service)
            } catch {
                context.problems.report(address.place, error.message, mend: error.mend)
            }
        }
    }

    private struct Refusal: Error {
        let message: String
        let mend: String
    }

    private static func url(_ address: IssuerKeyAddress) throws(Refusal) -> ServiceURL {
        let url: ServiceURL
        do throws(ServiceURL.Fault) {
            url = try ServiceURL(address.url)
        } catch {
            throw Refusal(message: "`jwks`: \(error.message)", mend: error.mend)
        }
        // An `index` at a route's end is the folder's own.
        guard !url.basePath.isEmpty, !address.url.hasSuffix("/"), !url.basePath.hasSuffix("/index") else {
            throw Refusal(
                message: "`jwks`: the URL does not end in the path of a document",
                mend: "Write for example \(IssuerKeyAddress.example).")
        }
        return url
    }

    private static func service(
        _ address: IssuerKeyAddress, _ url: ServiceURL, _ directory: String, _ context: RouteContext
    ) throws(Refusal) -> ServiceConfiguration {
        var settings = UpstreamTLS.Settings()
        if let path = address.authorities, context.credentials.readsFiles {
            let whole = path.hasPrefix("/") ? path : "\(directory)/\(path)"
            guard let bytes = FileManager.default.contents(atPath: whole), bytes.count <= 1 << 20 else {
                throw Refusal(
                    message: "`jwks.ca`: \(whole): the file is not there, cannot be read, or is too long",
                    mend: "Create it, or give the user who runs this the right to read it.")
            }
            settings.authorities = Array(bytes)
        }
        let host = ServiceURL(isSecure: url.isSecure, host: url.host, port: url.port, basePath: "")
        let endpoint = InstanceSource.endpoint(Endpoint(url: host, allowsPrivate: address.allowsPrivate))
        do throws(TLSMaterialError) {
            return ServiceConfiguration(
                // No file of services/ has such a name.
                name: "jwks \(url.authority)\(url.basePath)", file: "\(directory)/auth.yaml",
                instances: [try endpoint.secured(settings, as: nil)], url: host,
                timeouts: TimeoutsConfiguration(firstByte: answerTime), unit: ServiceReport.standardUnit(of: "jwks"))
        } catch {
            throw Refusal(message: "`jwks.ca`: \(error.message)", mend: error.mend)
        }
    }

    private static func route(
        _ address: IssuerKeyAddress, _ url: ServiceURL, service: Int, _ file: String, _ context: RouteContext
    ) throws(Refusal) -> (pattern: RoutePattern, value: RouteRule, source: String) {
        do {
            let pattern = try RoutePattern(address.egressPath)
            let resolution = TemplateResolution(pattern: pattern, credentials: context.credentials)
            let rule = RouteRule(
                file: file, pattern: pattern.description, service: service, methods: [.get], authentication: .none,
                path: try PathTemplate(TemplateText(url.basePath), resolution), timeout: answerTime, bodyLimit: 0)
            return (pattern, rule, file)
        } catch {
            throw Refusal(
                message: "`jwks`: the URL cannot be served on the egress socket: \(error)",
                mend: "Write for example \(IssuerKeyAddress.example).")
        }
    }

    /// These routes beside those of `egress/`; nil after a clash was reported.
    func joined(with tree: RouteTree<RouteRule>, _ context: RouteContext) -> RouteTree<RouteRule>? {
        guard !routes.isEmpty else { return tree }
        do throws(RouteTreeError) {
            return try RouteTree(tree.routes.map { ($0.pattern, $0.value, $0.source) } + routes)
        } catch {
            for clash in error.problems {
                context.problems.report(
                    ConfigurationPlace(file: clash.source), clash.message,
                    mend: "Give the file in egress/ another name: auth.yaml has this URL served there.")
            }
            return nil
        }
    }
}
