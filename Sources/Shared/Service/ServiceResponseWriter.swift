/// Writes a whole answer: validators, lengths, dates.
enum ServiceResponseWriter {
    static func write(_ response: ServiceResponse, to connection: ServerConnection, ifNoneMatch: String?) {
        var status = response.status
        let tag = response.body.isEmpty ? nil : EntityTag.make(response.body)
        let isSafe = connection.head.method == .get || connection.head.method == .head
        if let tag, let ifNoneMatch, status == 200, isSafe, EntityTag.matches(ifNoneMatch, tag) { status = 304 }
        connection.beginResponse(status)
        for (name, value) in response.fields where status != 304 || name != "Content-Type" {
            append(name, value, to: connection)
        }
        if let tag { append("ETag", tag, to: connection) }
        connection.appendDate()
        guard status != 304, status != 204 else {
            connection.endHead(.none)
            return connection.endResponse()
        }
        connection.endHead(.length(response.body.count))
        if connection.head.method != .head { connection.stream.append(response.body) }
        connection.endResponse()
    }

    /// A field line. Control bytes never leave: a value that has them is cut there.
    private static func append(_ name: String, _ value: String, to connection: ServerConnection) {
        let safe = value.utf8.prefix { $0 >= 32 && $0 != 127 || $0 == 9 }
        connection.stream.append(Array(name.utf8) + [Bytes.colon, Bytes.space] + Array(safe) + [13, 10])
    }
}
