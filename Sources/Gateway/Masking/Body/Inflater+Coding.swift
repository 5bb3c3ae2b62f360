extension Inflater.Coding {
    /// The coding that the value of a `Content-Encoding` names; nil for one that cannot be undone (RFC 9110 section 8.4.1).
    init?(_ bytes: RawSpan, _ value: Range<Int>) {
        switch value.count {
        case 4 where bytes.begins(value, with: "gzip"), 6 where bytes.begins(value, with: "x-gzip"): self = .gzip
        case 7 where bytes.begins(value, with: "deflate"): self = .deflate
        default: return nil
        }
    }
}
