// Unsafe code: an array's bytes as a span.
import Shared

/// Writes the fields of a response anew that tell where a service is: from the service's URL space to the public one.
/// One a loop; what it needs for a field it keeps, so that nothing is allocated once that has grown.
///
/// For each response: `begin`, then `rewrite` a field. What it answers with is in `output`.
final class HeaderMask {
    enum Outcome {
        /// The field passes as it came.
        case unchanged
        /// `output` is the field's new value.
        case changed
        /// The field holds a URL of the service that no route leads to, or tells of it in another way.
        case unreachable
    }

    /// The new value of a field.
    var output: [UInt8] = []
    /// What the client calls us.
    private(set) var host: [UInt8] = []
    /// The part of `host` without a port and brackets, and the port.
    private(set) var hostName = 0..<0
    private(set) var hostPort: UInt16 = 0
    private(set) var isSecure = false
    /// A link that leads nowhere is not left out: it speaks against the answer.
    var refusesAnswers = false
    /// What is known of the services, and of the way to them.
    let origins: OriginTable
    private(set) var publicURLs: PublicURLMap
    private let allIdentity: IdentityMatcher
    /// Nil where a service goes by the very name by which the client calls us.
    private(set) var identity: IdentityMatcher?
    /// The service that has answered.
    private(set) var service = 0
    /// The service's paths are the public ones, and it is ours: what it says of paths is true here.
    private(set) var isPlain = true
    /// It is somebody else's.
    private(set) var isOutside = false
    /// The path that the service was asked for, base path included; what is relative is relative to it.
    var base: [UInt8] = []

    /// Room for a URL that is put together, and for a value that is looked at as a whole.
    var joined: [UInt8] = []

    init(_ snapshot: Snapshot, _ publicURLs: PublicURLMap) {
        origins = snapshot.origins
        allIdentity = snapshot.identity
        self.publicURLs = publicURLs
    }

    /// Makes ready for a response of a service.
    /// - Parameters:
    ///   - publicURLs: of the host that was asked.
    ///   - refuses: see `refusesAnswers`.
    func begin(service: Int, _ publicURLs: PublicURLMap, isOutside: Bool, refuses: Bool) {
        self.service = service
        self.publicURLs = publicURLs
        self.isOutside = isOutside
        isPlain = !isOutside && publicURLs.index.services[service].isPlain
        refusesAnswers = refuses
    }

    /// Takes down how the client calls us.
    /// - Parameter range: the value of `Host` in `bytes`, checked; empty for a client of HTTP/1.0 that says none.
    func setHost(_ bytes: RawSpan, _ range: Range<Int>, isSecure: Bool) {
        self.isSecure = isSecure
        host.removeAll(keepingCapacity: true)
        host.append(bytes, range)
        joined.removeAll(keepingCapacity: true)
        joined.append("//")
        joined.append(bytes, range)
        let text = joined
        let span = unsafe text.span.bytes
        let url = URLReference(span, 0..<text.count)
        hostName = range.isEmpty ? 0..<0 : url.host.lowerBound - 2..<url.host.upperBound - 2
        hostPort = url.port == 80 && isSecure ? 443 : url.port
        identity = allIdentity.isEmpty ? nil : allIdentity
        if case .services = origins.find(span, host: url.host, port: hostPort) { identity = nil }
    }

    /// Rewrites the value of a field that tells places.
    func rewrite(_ name: FieldName, _ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        output.removeAll(keepingCapacity: true)
        let outcome =
            switch name {
            case .location, .contentLocation: reference(bytes, value)
            case .refresh: refresh(bytes, value)
            case .link: links(bytes, value)
            case .setCookie: cookie(bytes, value)
            case .accessControlAllowOrigin: origin(bytes, value)
            case .contentSecurityPolicy: policy(bytes, value)
            case .wwwAuthenticate: challenge(bytes, value)
            default: embedded(bytes, value)
            }
        return checked(outcome, bytes, value)
    }

    /// Rewrites the whole URLs in the value of any other field.
    func rewriteOther(_ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        output.removeAll(keepingCapacity: true)
        return checked(embedded(bytes, value), bytes, value)
    }

    /// Nothing of a service may be left in what passes.
    private func checked(_ outcome: Outcome, _ bytes: RawSpan, _ value: Range<Int>) -> Outcome {
        guard let identity else { return outcome }
        switch outcome {
        case .unreachable: return .unreachable
        case .unchanged: return identity.isIn(bytes, value) ? .unreachable : .unchanged
        case .changed:
            let text = output
            let span = unsafe text.span.bytes
            return identity.isIn(span, 0..<text.count) ? .unreachable : .changed
        }
    }

    // MARK: Output

    func add(_ bytes: RawSpan, _ range: Range<Int>) { output.append(bytes, range) }
    func add(_ text: StaticString) { output.append(text) }
    func add(_ byte: UInt8) { output.append(byte) }

    /// Takes back what was added since `count`.
    func withdraw(to count: Int) { output.removeLast(output.count - count) }

    /// Adds the public target of one of the service's; false where no route leads there.
    func addPublicTarget(_ bytes: RawSpan, _ target: Range<Int>, service: Int) -> Bool {
        publicURLs.appendPublicTarget(of: bytes.extracting(target), service: service, to: &output)
    }

    /// Adds `https://` and the client's name for us.
    func addPublicOrigin(webSocket: Bool = false) {
        switch (webSocket, isSecure) {
        case (false, false): add("http://")
        case (false, true): add("https://")
        case (true, false): add("ws://")
        case (true, true): add("wss://")
        }
        output.append(contentsOf: host)
    }
}
