// Unsafe code: lends the bytes of texts.
import Testing

@testable import Gateway
@testable import Shared

/// A mask for the answers of the service `data` to one request.
struct HeaderMaskFixture {
    private let mask: HeaderMask
    private let folder: TemporaryFolder

    /// - Parameters:
    ///   - routes: files below `routes/`; `service: data` where they say none.
    ///   - path: the request's.
    ///   - host: the request's `Host`.
    init(routes: [String: String], services: [String: String], path: String, host: String) throws {
        folder = try TemporaryFolder()
        try TestGateway.write(
            routes.mapValues { $0.contains("service:") ? $0 : "service: data\n" + $0 }, services, to: folder)
        let snapshot = try TestGateway.load(folder).snapshot()
        let publicURLs = PublicURLMap(snapshot.publicURLs)
        mask = HeaderMask(snapshot, publicURLs)
        let request = try CanonicalPath(path.utf8)
        var captures = RouteCaptures()
        let rule = snapshot.tree[try #require(snapshot.tree.match(request, captures: &captures))]
        let service = snapshot.services[rule.service]
        mask.begin(service: rule.service, publicURLs, isOutside: service.isForeign, refuses: false)
        let bytes = Array(host.utf8)
        unsafe mask.setHost(bytes.span.bytes, 0..<bytes.count, isSecure: false)
        mask.base = service.basePath
        rule.appendPath(for: request, captures, to: &mask.base)
    }

    /// The field's value for the client; nil where it does not pass.
    func rewrite(_ name: String, _ value: String) -> String? {
        let bytes = Array(value.utf8)
        guard let known = FieldName(named: name) else { return nil }
        let outcome =
            unsafe known.tellsPlace
            ? mask.rewrite(known, bytes.span.bytes, 0..<bytes.count)
            : mask.rewriteOther(bytes.span.bytes, 0..<bytes.count)
        return switch outcome {
        case .unchanged: value
        case .changed: String(decoding: mask.output, as: UTF8.self)
        case .unreachable: nil
        }
    }
}
