extension ServerConnection {
    /// Sends the client from a path with a slash at its end to the one without, its query kept. 308 keeps method and
    /// body (RFC 9110 section 15.4.9). A canonical path begins with one slash, so the reference names no other host.
    /// - Parameters:
    ///   - path: of the request under way, whose head has not been read over.
    ///   - targetStart: where in the head the text begins that `path` was made of.
    package func redirectWithoutTrailingSlash(_ path: CanonicalPath, targetStart: Int) {
        beginResponse(308)
        stream.append("Location: ")
        stream.append(path.canonical, 0..<path.canonical.count - 1)
        if let query = path.query {
            withHead { bytes in
                stream.append("?")
                stream.append(bytes.extracting(query.lowerBound + targetStart..<query.upperBound + targetStart))
            }
        }
        stream.append("\r\n")
        endResponse(RawSpan())
    }
}
