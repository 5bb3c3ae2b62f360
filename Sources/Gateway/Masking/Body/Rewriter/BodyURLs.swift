/// Where a service's URLs are in the public space: what the rewriter asks of the route tree.
protocol BodyURLs: AnyObject {
    /// Adds the public target that leads to `target` (path and query) of a service; false, and nothing added, where none
    /// does.
    func appendPublicTarget(of target: RawSpan, service: Int, to output: inout [UInt8]) -> Bool
}

/// The gate as the client of one exchange names it.
struct PublicOrigin: Equatable {
    var isSecure = false
    /// Host and port, valid as a `Host` field is.
    var authority: [UInt8] = []
}
