import Shared

/// Serves a listener that sends everybody to the same place over TLS.
final class RedirectApplication: ServerApplication {
    /// `:8443` behind the host; empty for 443.
    private let port: [UInt8]
    private var path = CanonicalPath()
    private var redirects: UInt64 = 0

    init(port: UInt16) {
        self.port = port == 443 ? [] : Array(":\(port)".utf8)
    }

    /// 308 keeps method and body (RFC 9110 section 15.4.9). The host is the client's own, checked by the engine, and the
    /// path is canonical: neither can be read as more.
    func serverDidReceive(_ connection: ServerConnection) {
        let head = connection.head
        let host = head.fields.host
        let isGood = connection.withHead { bytes in
            guard host >= 0, let target = originForm(of: head, bytes) else { return false }
            do throws(PathError) {
                try path.parse(bytes.extracting(target))
            } catch {
                return false
            }
            connection.beginResponse(308)
            connection.stream.append("Location: https://")
            connection.stream.append(bytes.extracting(TargetRule.host(bytes, head.fields.lines[host].valueRange)))
            connection.stream.append(port)
            connection.stream.append(path.canonical)
            if let query = path.query {
                connection.stream.append("?")
                let start = target.lowerBound
                connection.stream.append(bytes.extracting(query.lowerBound + start..<query.upperBound + start))
            }
            connection.stream.append("\r\n")
            return true
        }
        guard isGood else { return connection.respond(error: Status.message(400), status: 400) }
        redirects &+= 1
        connection.endResponse(RawSpan())
    }

    private func originForm(of head: RequestHead, _ bytes: RawSpan) -> Range<Int>? {
        guard head.method != .connect else { return nil }
        let target = head.targetRange
        guard let authority = TargetRule.authority(bytes, target) else { return target }
        guard TargetRule.isSame(bytes, authority, head.fields.lines[head.fields.host].valueRange),
            authority.upperBound < target.upperBound
        else { return nil }
        return authority.upperBound..<target.upperBound
    }

    func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) {}
    func serverDidClose(_ connection: ServerConnection) {}
    func count(in tally: inout Tally) { tally.add("redirects.https", redirects) }
}
