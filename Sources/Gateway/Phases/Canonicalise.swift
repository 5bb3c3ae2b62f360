import Shared

extension Exchange {
    /// Decides once what the request's path is. What could be read in two ways is refused.
    func canonicalise(_ connection: ServerConnection) throws(GatewayError) {
        let head = connection.head
        guard head.method != .connect else { throw .client(.badRequest, .target) }
        var fault: PathError?
        connection.withHead { bytes in
            do throws(PathError) {
                try path.parse(bytes.extracting(head.targetRange))
            } catch {
                fault = error
            }
        }
        if let fault { throw .client(.badRequest, .path(fault)) }
        // The route tree knows no path with a slash at its end: there is one address for one thing.
        if path.hasTrailingSlash { throw .client(.trailingSlash) }
    }
}
