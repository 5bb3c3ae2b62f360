/// An answer of one of our own services, whole or with a body that follows in pieces. The server adds `Date`, and to a
/// whole answer `Content-Length` and, for a body, an `ETag`.
package struct ServiceResponse: Sendable {
    /// The status code (RFC 9110 section 15).
    package var status: Int
    /// Header fields in the order in which they leave.
    package var fields: [(name: String, value: String)]
    /// The whole body, or its beginning where `rest` follows.
    package var body: [UInt8]
    /// What follows `body`, of a length that is not known; such an answer has no validator.
    package var rest: ServiceBody?

    package init(status: Int, fields: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.fields = fields
        self.body = body
    }

    /// The validator of the body; nil without one.
    var tag: EntityTag? { body.isEmpty || rest != nil ? nil : EntityTag(body) }

    /// An answer with a JSON body, given as it is to leave: no spaces, keys in their order.
    package static func json(
        _ body: [UInt8], status: Int = 200, fields: [(name: String, value: String)] = []
    ) -> ServiceResponse {
        ServiceResponse(
            status: status, fields: [("Content-Type", "application/json; charset=utf-8")] + fields, body: body)
    }

    /// `{"error":"…"}`, the form of every refusal that a client meets.
    package static func error(
        _ message: StaticString, status: Int, fields: [(name: String, value: String)] = []
    ) -> ServiceResponse {
        .json(Array("{\"error\":\"\(message)\"}".utf8), status: status, fields: fields)
    }
}
