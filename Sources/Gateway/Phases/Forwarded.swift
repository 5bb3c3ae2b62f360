import Shared

/// `Forwarded` (RFC 7239), for services that ask for it in place of `X-Forwarded-*`.
extension Exchange {
    func writeForwarded(_ connection: ServerConnection, _ bytes: RawSpan, to stream: Stream) {
        stream.append("Forwarded: ")
        let address = connection.clientAddress
        // Who comes over a Unix socket has no address. One with colons stands in brackets and quotes (section 6).
        if !address.isEmpty {
            let isLong = address.contains(UInt8(ascii: ":"))
            if isLong { stream.append("for=\"[") } else { stream.append("for=") }
            stream.append(address)
            if isLong { stream.append("]\";") } else { stream.append(";") }
        }
        let host = connection.head.fields.host
        if host >= 0 {
            // What `Host` may hold (`HostRule`) needs no escape between quotes.
            stream.append("host=\"")
            stream.append(bytes.extracting(connection.head.fields.lines[host].valueRange))
            stream.append("\";")
        }
        if connection.stream.security == nil {
            stream.append("proto=http\r\n")
        } else {
            stream.append("proto=https\r\n")
        }
        writeRequestNumber(to: stream)
    }

    /// The number under which this request can be found again.
    func writeRequestNumber(to stream: Stream) {
        stream.append(worker.requestField)
        stream.append(hexadecimal: Int(number))
        stream.append("\r\n")
    }
}
