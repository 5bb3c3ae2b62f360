// Unsafe code: an array's bytes as a span.
import Shared

/// From the URLs of a service to those of the gate: one loop's way of asking the `PublicURLIndex`. What it needs for an
/// answer it keeps, so that nothing is allocated once that has grown.
///
/// What it says is tried: the public path is routed, and must come to the very route that it was made of.
final class PublicURLMap {
    let index: PublicURLIndex
    private var target = CanonicalPath()
    private var reached = CanonicalPath()
    private var captures = RouteCaptures()
    /// What the parameters on the way took, as ranges of the target's canonical path.
    private var values: [Range<Int>] = []
    /// A target that was given without a path.
    private var completed: [UInt8] = []
    /// Room for the name of a query's parameter.
    private var name: [UInt8] = []

    init(_ index: PublicURLIndex) {
        self.index = index
    }

    /// Adds the public target that leads to `target` of a service; what was there stays. Queries that the route sets
    /// itself are left out, the rest of the query and a fragment are kept as they are.
    /// - Parameter target: path, query and fragment in the service's own space, as they stand in a URL of it; an empty
    ///   path stands for `/`.
    /// - Returns: false, and nothing added, where no public route leads there, or the path could be read in two ways.
    func appendPublicTarget(of target: RawSpan, service: Int, to output: inout [UInt8]) -> Bool {
        guard index.services.indices.contains(service) else { return false }
        guard target.byteCount > 0, target.octet(0) == UInt8(ascii: "/") else {
            return appendCompleted(target, service: service, to: &output)
        }
        let end = target.first(UInt8(ascii: "#"), in: 0..<target.byteCount) ?? target.byteCount
        guard end == target.byteCount || Self.isPlain(target, end..<target.byteCount), parse(target, end) else {
            return false
        }
        let service = index.services[service]
        guard let depth = depthBelow(service.basePath) else { return false }
        let start = output.count
        values.removeAll(keepingCapacity: true)
        guard let route = find(service.root, depth, to: &output) else {
            output.removeLast(output.count - start)
            return false
        }
        if self.target.hasTrailingSlash, output.count > start + 1 { output.append(UInt8(ascii: "/")) }
        if let query = self.target.query { appendQuery(target, query, of: route, to: &output) }
        output.append(target, end..<target.byteCount)
        return true
    }

    /// Whether some route of whichever service takes a target of the gate's own space.
    func isPublic(_ target: RawSpan) -> Bool {
        let end = target.first(UInt8(ascii: "#"), in: 0..<target.byteCount) ?? target.byteCount
        guard parse(target, end) else { return false }
        return index.tree.match(self.target, captures: &captures) != nil
    }

    private func appendCompleted(_ target: RawSpan, service: Int, to output: inout [UInt8]) -> Bool {
        let first = target.byteCount > 0 ? target.octet(0) : UInt8(ascii: "?")
        guard first == UInt8(ascii: "?") || first == UInt8(ascii: "#") else { return false }
        var whole = completed
        completed = []
        whole.removeAll(keepingCapacity: true)
        whole.append(UInt8(ascii: "/"))
        whole.append(target, 0..<target.byteCount)
        defer { completed = whole }
        return appendPublicTarget(of: unsafe whole.span.bytes, service: service, to: &output)
    }

    private func parse(_ bytes: RawSpan, _ end: Int) -> Bool {
        do throws(PathError) {
            try target.parse(bytes.extracting(0..<end))
            return true
        } catch {
            return false
        }
    }

    /// Visible ASCII without what ends a URL in a text around it.
    private static func isPlain(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        for index in range {
            let byte = bytes.octet(index)
            guard byte > 32, byte < 127, byte != UInt8(ascii: "\""), byte != UInt8(ascii: "<"),
                byte != UInt8(ascii: ">"),
                byte != UInt8(ascii: "\\")
            else { return false }
        }
        return true
    }

    /// How many segments the base path takes; nil where the target is not below it.
    private func depthBelow(_ basePath: [UInt8]) -> Int? {
        guard !basePath.isEmpty else { return 0 }
        let path = target.canonical
        guard path.count >= basePath.count, path.prefix(basePath.count).elementsEqual(basePath),
            path.count == basePath.count || path[basePath.count] == UInt8(ascii: "/")
        else { return nil }
        return basePath.reduce(0) { $0 + ($1 == UInt8(ascii: "/") ? 1 : 0) }
    }

    // MARK: The search

    /// The route whose public path was added: the most specific that holds good. Each node has one depth, so none is
    /// visited twice.
    private func find(_ place: Int32, _ depth: Int, to output: inout [UInt8]) -> InverseRoute? {
        let node = index.nodes[Int(place)]
        let taken = values.count
        if depth == target.segmentCount {
            for route in node.ends {
                let route = index.routes[Int(route)]
                // A catch-all that may be empty is.
                if route.endsInCatchAll { values.append(target.canonical.count..<target.canonical.count) }
                if appendPath(of: route, to: &output) { return route }
                values.removeLast(values.count - taken)
            }
            return nil
        }
        let segment = target.encodedSegment(depth)
        if node.hasFixedChildren, let child = index.fixed.child(of: place, target.canonical, segment) {
            if let route = find(child, depth + 1, to: &output) { return route }
        }
        for composed in node.composed where take(composed.pieces, segment) {
            if let route = find(composed.child, depth + 1, to: &output) { return route }
            values.removeLast(values.count - taken)
        }
        if node.parameter >= 0 {
            values.append(segment)
            if let route = find(node.parameter, depth + 1, to: &output) { return route }
            values.removeLast(values.count - taken)
        }
        guard !node.catchAlls.isEmpty else { return nil }
        values.append(segment.lowerBound..<target.encodedSegment(target.segmentCount - 1).upperBound)
        for route in node.catchAlls where appendPath(of: index.routes[Int(route)], to: &output) {
            return index.routes[Int(route)]
        }
        values.removeLast(values.count - taken)
        return nil
    }

    /// Whether a segment is made of these pieces; each parameter takes as little as it can, and something. What they
    /// took is added to `values`.
    private func take(_ pieces: [InverseRoute.Piece], _ segment: Range<Int>) -> Bool {
        let taken = values.count
        if takeAll(pieces, segment) { return true }
        values.removeLast(values.count - taken)
        return false
    }

    private func takeAll(_ pieces: [InverseRoute.Piece], _ segment: Range<Int>) -> Bool {
        var position = segment.lowerBound
        /// Where a parameter begins whose end is still to be found.
        var begun: Int?
        for (place, piece) in pieces.enumerated() {
            guard case .text(let text) = piece else {
                // Of two that touch the first takes one byte.
                if let begin = begun {
                    guard begin < segment.upperBound else { return false }
                    position = begin + 1
                    values.append(begin..<position)
                }
                begun = position
                continue
            }
            let earliest = begun.map { $0 + 1 } ?? position
            guard earliest <= segment.upperBound,
                let found = find(text, in: earliest..<segment.upperBound, isLast: place == pieces.count - 1),
                begun != nil || found == position
            else { return false }
            if let begin = begun { values.append(begin..<found) }
            begun = nil
            position = found + text.count
        }
        guard let begin = begun else { return position == segment.upperBound }
        guard begin < segment.upperBound else { return false }
        values.append(begin..<segment.upperBound)
        return true
    }

    /// Where a text stands first in a part of the target; the last piece of a segment must end it.
    private func find(_ text: [UInt8], in range: Range<Int>, isLast: Bool) -> Int? {
        let last = range.upperBound - text.count
        guard range.lowerBound <= last else { return nil }
        if isLast { return isThere(text, at: last) ? last : nil }
        for place in range.lowerBound...last where isThere(text, at: place) { return place }
        return nil
    }

    private func isThere(_ text: [UInt8], at place: Int) -> Bool {
        for offset in 0..<text.count where target.canonical[place + offset] != text[offset] { return false }
        return true
    }

    // MARK: The answer

    /// Adds the public path of a route, and sees whether it comes back to that route.
    private func appendPath(of route: InverseRoute, to output: inout [UInt8]) -> Bool {
        for (one, other) in route.repeated {
            guard target.canonical[values[one]].elementsEqual(target.canonical[values[other]]) else { return false }
        }
        let start = output.count
        for part in route.parts {
            switch part {
            case .text(let text): output.append(contentsOf: text)
            case .value(let place):
                if values[place].isEmpty {
                    if output.count > start + 1 { output.removeLast() }
                } else {
                    output.append(contentsOf: target.canonical[values[place]])
                }
            }
        }
        if leads(to: route.route, output, from: start) { return true }
        output.removeLast(output.count - start)
        return false
    }

    private func leads(to route: Int, _ output: [UInt8], from start: Int) -> Bool {
        do throws(PathError) {
            try reached.parse(unsafe output.span.bytes.extracting(start..<output.count))
        } catch {
            return false
        }
        return index.tree.match(reached, captures: &captures) == route
    }

    private func appendQuery(_ bytes: RawSpan, _ query: Range<Int>, of route: InverseRoute, to output: inout [UInt8]) {
        if let rule = index.tree[route.route].query {
            return rule.writeOthers(bytes, query, to: &output, scratch: &name)
        }
        output.append(UInt8(ascii: "?"))
        output.append(bytes, query)
    }
}

extension PublicURLMap: BodyURLs {}
