/// Writes a whole answer of a service: validators, lengths, dates.
enum ServiceResponseWriter {
    /// - Parameters:
    ///   - tag: of the body; nil without a body.
    ///   - isKnown: whether the client's `If-None-Match` names a tag.
    static func write(
        _ response: ServiceResponse, tag: EntityTag?, to connection: ServerConnection, isKnown: (EntityTag) -> Bool
    ) {
        var status = response.status
        let mayBeKnown = status == 200 && (connection.head.method == .get || connection.head.method == .head)
        if mayBeKnown, let tag, isKnown(tag) { status = 304 }
        connection.beginResponse(status)
        for (name, value) in response.fields where status != 304 || name != "Content-Type" {
            append(name, value, to: connection.stream)
        }
        let body = unsafe response.body.span.bytes
        if let tag { connection.endResponse(body, tag: tag) } else { connection.endResponse(body) }
    }

    /// Writes the head of an answer whose body follows in pieces.
    static func begin(_ response: ServiceResponse, on connection: ServerConnection) {
        connection.beginResponse(response.status)
        for (name, value) in response.fields { append(name, value, to: connection.stream) }
        connection.appendDate()
        connection.endHead(.unknown)
    }

    /// A field line, checked on its way out as on the way in: a value with control bytes (CR, LF, NUL) is cut there,
    /// a name that is no token leaves no line at all.
    private static func append(_ name: String, _ value: String, to stream: Stream) {
        let nameBytes = unsafe name.utf8.span.bytes
        guard Bytes.isToken(nameBytes, 0..<nameBytes.byteCount) else { return }
        stream.append(nameBytes)
        stream.append(": ")
        let bytes = unsafe value.utf8.span.bytes
        var count = bytes.byteCount
        if !Bytes.isFieldValue(bytes, 0..<count) {
            count = 0
            while Bytes.isFieldByte(Bytes.at(bytes, count)) { count += 1 }
        }
        stream.append(bytes.extracting(0..<count))
        stream.append("\r\n")
    }
}
