import Shared

/// Pages of other origins (the Fetch standard, section 3.2): what browsers ask beforehand is answered here, before a
/// token is looked at, and every answer says who may read it.
extension Exchange {
    /// Has all answers to this request say who may read them. Returns true for a preflight, which has been answered.
    func answerOrigin(_ connection: ServerConnection, _ cors: CORSRule) -> Bool {
        let head = connection.head
        return connection.withHead { bytes in
            let origin = Self.origin(head.fields, bytes)
            let isGranted = cors.appendFields(
                for: bytes.extracting(origin), to: &connection.responseFields)
            guard head.method == .options, !origin.isEmpty,
                Self.requested("access-control-request-method", head.fields, bytes) != nil
            else { return false }
            answerPreflight(connection, cors, bytes, isGranted: isGranted)
            return true
        }
    }

    /// 204 in any case: what is not granted the browser forbids. Nothing of it reaches a service.
    private func answerPreflight(_ connection: ServerConnection, _ cors: CORSRule, _ bytes: RawSpan, isGranted: Bool) {
        let asked = Self.requested("access-control-request-headers", connection.head.fields, bytes)
        worker.counters.answered &+= 1
        end()
        connection.beginResponse(204)
        if isGranted {
            connection.stream.append(cors.preflightFields)
            if cors.takesAllHeaders, let asked, ByteText.isFieldList(bytes.extracting(asked)) {
                connection.stream.append("Access-Control-Allow-Headers: ")
                connection.stream.append(bytes.extracting(asked))
                connection.stream.append("\r\nVary: Access-Control-Request-Headers\r\n")
            }
        }
        connection.endResponse(RawSpan())
    }

    /// The value of `Origin`; empty without one, and where there are two: one of them is not the browser's.
    private static func origin(_ fields: FieldIndex, _ bytes: RawSpan) -> Range<Int> {
        var found = 0..<0
        for index in 0..<fields.lines.count where fields.lines[index].name == .origin {
            guard found.isEmpty else { return 0..<0 }
            found = fields.lines[index].valueRange
        }
        return found
    }

    private static func requested(_ name: StaticString, _ fields: FieldIndex, _ bytes: RawSpan) -> Range<Int>? {
        for index in 0..<fields.lines.count where fields.lines[index].name == .accessControl {
            if fields.lines[index].isNamed(name, in: bytes) { return fields.lines[index].valueRange }
        }
        return nil
    }
}
