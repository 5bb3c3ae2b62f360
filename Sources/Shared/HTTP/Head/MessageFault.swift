/// What is wrong with a message. Each kind is refused; none is repaired.
package enum MessageFault: UInt8, Error, Sendable, CaseIterable {
    case requestLine, method, target, version, statusLine
    case lineEnding, fieldName, fieldValue, folding
    case host, contentLength, transferEncoding, framing, connection, duplicate, expectation, upgrade
    case lineTooLong, targetTooLong, tooManyFields, headTooLong
    case chunkSize, chunkEnding, trailer, bodyTooLong

    /// The status that tells a client (RFC 9110 section 15.5).
    package var status: Int {
        switch self {
        case .version: 505
        case .targetTooLong: 414
        case .lineTooLong, .tooManyFields, .headTooLong: 431
        case .expectation: 417
        case .bodyTooLong: 413
        default: 400
        }
    }

    /// For logs and counters.
    package var reason: StaticString {
        switch self {
        case .requestLine: "malformed request line"
        case .method: "malformed method"
        case .target: "malformed request target"
        case .version: "unsupported HTTP version"
        case .statusLine: "malformed status line"
        case .lineEnding: "line does not end in CRLF"
        case .fieldName: "malformed field name"
        case .fieldValue: "control byte in a field value"
        case .folding: "folded field line"
        case .host: "missing, repeated or malformed Host"
        case .contentLength: "malformed or repeated Content-Length"
        case .transferEncoding: "unsupported or repeated Transfer-Encoding"
        case .framing: "both Content-Length and Transfer-Encoding"
        case .connection: "Connection names a protected field"
        case .duplicate: "field given more than once"
        case .expectation: "unsupported expectation"
        case .upgrade: "protocol switched without having been asked to"
        case .lineTooLong: "field line too long"
        case .targetTooLong: "request line too long"
        case .tooManyFields: "too many fields"
        case .headTooLong: "head too long"
        case .chunkSize: "malformed chunk size"
        case .chunkEnding: "chunk does not end in CRLF"
        case .trailer: "malformed trailer"
        case .bodyTooLong: "body too long"
        }
    }
}
