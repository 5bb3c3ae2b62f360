import Shared

/// Fields that are not true any more where bodies are rewritten, by their names.
enum BodyFields {
    /// Of requests: what asks for a part of a body or for a coding, and the tags, which are written anew.
    private static let requests = FoldedNameTable(
        ["accept-encoding", "range", "if-range", "if-match", "if-none-match"].map { Array($0.utf8) })
    /// Of all responses of such a route: there are no parts to be had, and tags are written anew.
    private static let responses = FoldedNameTable(["accept-ranges", "etag"].map { Array($0.utf8) })
    /// Of responses whose body is rewritten: digests of other bytes (RFC 9530, RFC 3230, RFC 1864), and the coding that
    /// was undone.
    private static let rewritten = FoldedNameTable(
        [
            "accept-ranges", "etag", "digest", "content-digest", "repr-digest", "content-md5", "content-encoding",
            "signature", "signature-input",
        ].map { Array($0.utf8) })

    /// Whether a field of the request is not passed on as it is.
    static func isHeldBack(_ line: FieldLine, _ bytes: RawSpan) -> Bool {
        requests.index(of: bytes, line.nameRange) != nil
    }

    /// Whether a field of the response is not passed on as it is.
    static func isDropped(_ line: FieldLine, _ bytes: RawSpan, isRewritten: Bool) -> Bool {
        (isRewritten ? rewritten : responses).index(of: bytes, line.nameRange) != nil
    }
}
