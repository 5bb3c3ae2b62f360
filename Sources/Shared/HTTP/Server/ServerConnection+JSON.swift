// Unsafe code: a body put together on the stack; the bytes of static strings.

/// Whole responses with a body of our own making: each has an `ETag`, a length and a date.
extension ServerConnection {
    /// Sends a response with the body `{"error":"…"}`.
    /// - Parameter fields: further field lines, each with its CRLF.
    package func respond(error message: StaticString, status: Int, fields: StaticString = "") {
        beginResponse(status)
        stream.append(fields)
        endResponse(error: message)
    }

    /// Ends a response that was begun, and that has the further fields that it needs, with `{"error":"…"}`.
    package func endResponse(error message: StaticString) {
        let (start, end): (StaticString, StaticString) = ("{\"error\":\"", "\"}")
        let count = start.utf8CodeUnitCount + message.utf8CodeUnitCount + end.utf8CodeUnitCount
        unsafe withUnsafeTemporaryAllocation(byteCount: count, alignment: 1) { room in
            var filled = 0
            func add(_ part: StaticString) {
                let bytes = unsafe UnsafeRawBufferPointer(start: part.utf8Start, count: part.utf8CodeUnitCount)
                unsafe UnsafeMutableRawBufferPointer(rebasing: room[filled...]).copyMemory(from: bytes)
                filled += bytes.count
            }
            add(start)
            add(message)
            add(end)
            endResponse(json: unsafe RawSpan(_unsafeBytes: UnsafeRawBufferPointer(room)))
        }
    }

    /// Ends a response that was begun with a JSON body, given as it is to leave.
    package func endResponse(json body: RawSpan) {
        stream.append("Content-Type: application/json; charset=utf-8\r\n")
        endResponse(body, tag: EntityTag(body))
    }

    /// Ends a response that was begun with `body`, which `tag` is of. Nothing of it is sent where the method or the
    /// status forbids it.
    package func endResponse(_ body: RawSpan, tag: EntityTag) {
        stream.append("ETag: ")
        tag.append(to: stream)
        stream.append("\r\n")
        endResponse(body)
    }

    /// Ends a response that was begun with `body`, without a validator.
    package func endResponse(_ body: RawSpan) {
        appendDate()
        endHead(.length(body.byteCount))
        if !response.isBodyless { stream.append(body) }
        endResponse()
    }
}
