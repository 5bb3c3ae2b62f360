import Shared

extension Exchange {
    /// Decides once what the request's path is. What could be read in two ways is refused.
    func canonicalise(_ connection: ServerConnection) throws(GatewayError) {
        let head = connection.head
        guard head.method != .connect else { throw .client(.badRequest, .target) }
        var fault: PathError?
        try connection.withHead { bytes throws(GatewayError) in
            let target = try originForm(of: head, bytes)
            targetStart = target.lowerBound
            do throws(PathError) {
                try path.parse(bytes.extracting(target))
            } catch {
                fault = error
            }
        }
        if let fault { throw .client(.badRequest, .path(fault)) }
        // The route tree knows no path with a slash at its end: there is one address for one thing.
        if path.hasTrailingSlash { throw .client(.trailingSlash) }
    }

    /// The part of the target that stands for path and query. A target in absolute form (RFC 9112 section 3.2.2) must
    /// name the host that `Host` names.
    private func originForm(of head: RequestHead, _ bytes: RawSpan) throws(GatewayError) -> Range<Int> {
        let target = head.targetRange
        guard let authority = TargetRule.authority(bytes, target) else { return target }
        let host = head.fields.host
        guard host >= 0, TargetRule.isSame(bytes, authority, head.fields.lines[host].valueRange),
            authority.upperBound < target.upperBound
        else { throw .client(.badRequest, .target) }
        return authority.upperBound..<target.upperBound
    }
}
