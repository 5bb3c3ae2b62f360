// Unsafe code: the checker counts the bytes of a span among what is unsafe.
import Shared

extension PathReading {
    /// - Parameter before: what is parsed into the same object before, nil for none.
    init(_ target: [UInt8], after before: [UInt8]?) {
        var path = CanonicalPath()
        if let before { try? path.parse(unsafe before.span.bytes) }
        do throws(PathError) {
            try path.parse(unsafe target.span.bytes)
        } catch {
            require(
                path.canonical.isEmpty && path.values.isEmpty && path.segmentCount == 0 && path.query == nil
                    && !path.hasTrailingSlash && !path.hasEncodedSlash, "refused, and yet it names \(path)")
            self = .refused
            return
        }
        self.init(canonical: path.canonical, query: path.query.map { [63] + target[$0] } ?? [])
        segments = (0..<path.segmentCount).map { Array(path.values[path.segment($0)]) }
        encoded = (0..<path.segmentCount).map { Array(path.canonical[path.encodedSegment($0)]) }
        hasTrailingSlash = path.hasTrailingSlash
        hasEncodedSlash = path.hasEncodedSlash
    }
}
