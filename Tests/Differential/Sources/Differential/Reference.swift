import NIOCore
import NIOEmbedded
import NIOHTTP1

/// The reference: llhttp in its strict settings, as SwiftNIO's `HTTPRequestDecoder` runs it.
package enum Reference {
    /// What llhttp makes of `bytes`, given to it in one piece.
    ///
    /// SwiftNIO hands out text that was repaired to UTF-8, so a byte above 0x7F that is not UTF-8 comes back as the
    /// replacement character: compare through `Agreement`, which repairs the other side in the same way.
    package static func read(_ bytes: [UInt8]) -> Reading {
        let decoder = ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .dropBytes))
        let channel = EmbeddedChannel(handler: decoder)
        var refusal: String?
        do {
            try channel.writeInbound(ByteBuffer(bytes: bytes))
            try channel.throwIfErrorCaught()
        } catch {
            refusal = String(describing: error)
        }

        var messages: [Reading.Message] = []
        while let part = try? channel.readInbound(as: HTTPServerRequestPart.self) {
            switch part {
            case .head(let head): messages.append(message(head))
            case .body(let piece): messages[messages.count - 1].body += piece.readableBytesView
            case .end: messages[messages.count - 1].isComplete = true
            }
        }
        // What an unfinished request leaves behind is an error of its own, which says nothing about the bytes.
        _ = try? channel.finish(acceptAlreadyClosed: true)

        if let refusal { return Reading(messages: messages, ending: .refused(refusal)) }
        return Reading(messages: messages, ending: messages.last?.isComplete == true ? .complete : .incomplete)
    }

    private static func message(_ head: HTTPRequestHead) -> Reading.Message {
        Reading.Message(
            method: Array(head.method.rawValue.utf8),
            target: Array(head.uri.utf8),
            version: "\(head.version.major).\(head.version.minor)",
            fields: head.headers.map { .init(name: Array($0.name.utf8), value: trimmed(Array($0.value.utf8))) },
            isComplete: false)
    }

    /// The methods that llhttp knows outside RTSP; it refuses all others, which RFC 9110 section 9.1 leaves open.
    /// M-SEARCH is left out: SwiftNIO gives it back as MSEARCH.
    package static let methods: Set<[UInt8]> = Set(
        [
            "DELETE", "GET", "HEAD", "POST", "PUT", "CONNECT", "OPTIONS", "TRACE", "COPY", "LOCK", "MKCOL", "MOVE",
            "PROPFIND", "PROPPATCH", "SEARCH", "UNLOCK", "BIND", "REBIND", "UNBIND", "ACL", "REPORT", "MKACTIVITY",
            "CHECKOUT", "MERGE", "NOTIFY", "SUBSCRIBE", "UNSUBSCRIBE", "PATCH", "PURGE", "MKCALENDAR",
            "LINK", "UNLINK", "SOURCE", "QUERY",
        ].map { Array($0.utf8) })
}
