/// Connection (RFC 9110 section 7.6.1): the options that we know, and the fields that go no further than this hop.
enum ConnectionOptions {
    /// More than anybody needs; each is compared with every field.
    private static let most = 32

    /// - Parameter protecting: refuse options that name a protected field (a request), or pass over them (a response).
    static func apply(_ bytes: RawSpan, _ fields: inout FieldIndex, protecting: Bool) throws(MessageFault) {
        var count = 0
        for index in 0..<fields.lines.count where fields.lines[index].name == .connection {
            let value = fields.lines[index].valueRange
            // What nearly all say.
            if Bytes.equals(bytes, value, "keep-alive") {
                count += 1
                guard count <= most else { throw .connection }
                fields.wantsKeepAlive = true
                continue
            }
            var start = value.lowerBound
            while start <= value.upperBound {
                var end = start
                while end < value.upperBound, Bytes.at(bytes, end) != Bytes.comma { end += 1 }
                let option = Bytes.trimmed(bytes, start..<end)
                if !option.isEmpty {
                    count += 1
                    guard count <= most else { throw .connection }
                    try apply(bytes, option, &fields, protecting: protecting)
                }
                start = end + 1
            }
        }
    }

    private static func apply(
        _ bytes: RawSpan, _ option: Range<Int>, _ fields: inout FieldIndex, protecting: Bool
    ) throws(MessageFault) {
        if Bytes.equals(bytes, option, "keep-alive") {
            fields.wantsKeepAlive = true
        } else if Bytes.equals(bytes, option, "close") {
            fields.wantsClose = true
        } else if Bytes.equals(bytes, option, "upgrade") {
            fields.wantsUpgrade = true
        } else {
            guard Bytes.isToken(bytes, option) else { throw .connection }
            let name = FieldName.identify(bytes, option) ?? .other
            if name.isProtected {
                guard !protecting else { throw .connection }
                return
            }
            for index in 0..<fields.lines.count where Bytes.equals(bytes, fields.lines[index].nameRange, option) {
                fields.markForThisHop(index)
            }
        }
    }
}
