import Shared

/// `respond:` of a route, ready for the byte path: one answer for all requests, put together when it is loaded.
final class FixedAnswer: Sendable {
    let status: Int
    /// `Content-Type: …` with its CRLF; empty without a body.
    let typeField: [UInt8]
    /// Further field lines with their CRLF; framing, `Date` and `ETag` are not among them.
    let fields: [UInt8]
    let body: [UInt8]
    /// Of the body of a 200; nil where there is nothing to compare.
    let tag: EntityTag?

    init(status: Int, typeField: [UInt8], fields: [UInt8], body: [UInt8]) {
        self.status = status
        self.typeField = typeField
        self.fields = fields
        self.body = body
        tag = status == 200 && !body.isEmpty ? EntityTag(body) : nil
    }
}
