// Unsafe code: the bytes of an array, for a look at them.

/// A whole request as one of our own services sees it.
package struct ServiceRequest: Sendable {
    package let method: Method
    /// What the route's pattern took from the path.
    package let parameters: RouteParameters
    package let query: QueryParameters
    package internal(set) var body: [UInt8]
    /// Who sent it, where the listener is a Unix socket.
    package let peer: PeerCredentials?
    /// Until when its answer is of use, in nanoseconds of the monotonic clock (`postern_monotonic_ns`); the largest
    /// number where nobody said.
    package let deadline: UInt64
    private let head: [UInt8]
    private let lines: [FieldLine]

    init(
        method: Method, parameters: RouteParameters, query: QueryParameters, head: [UInt8], lines: [FieldLine],
        body: [UInt8], peer: PeerCredentials?, deadline: UInt64 = .max
    ) {
        self.method = method
        self.parameters = parameters
        self.query = query
        self.head = head
        self.lines = lines
        self.body = body
        self.peer = peer
        self.deadline = deadline
    }

    /// A request made by hand, for those who call a handler without a connection.
    /// `target` is the path with its query; a query that cannot be decoded counts as none.
    package init(
        _ method: Method, _ target: String, parameters: RouteParameters = RouteParameters(),
        fields: [(String, String)] = [], body: [UInt8] = [], peer: PeerCredentials? = nil,
        deadline: UInt64 = .max
    ) {
        var head: [UInt8] = []
        var lines: [FieldLine] = []
        for (name, value) in fields {
            let start = head.count
            head += Array(name.utf8) + [Bytes.colon, Bytes.space]
            let valueStart = head.count
            head += Array(value.utf8)
            let known = FieldName.identify(unsafe head.span.bytes, start..<start + name.utf8.count)
            lines.append(
                FieldLine(
                    nameStart: UInt32(start), valueStart: UInt32(valueStart), valueEnd: UInt32(head.count),
                    nameLength: UInt16(name.utf8.count), name: known ?? .other, isForThisHop: false))
            head += [13, 10]
        }
        let query = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).dropFirst().first
        self.init(
            method: method, parameters: parameters,
            query: (try? QueryParameters((query ?? "").utf8)) ?? QueryParameters(), head: head, lines: lines,
            body: body, peer: peer, deadline: deadline)
    }

    /// The values of all field lines of that name, compared without case, in their order.
    package func fields(_ name: String) -> [String] {
        lines.compactMap { line in
            isNamed(line, name) ? String(decoding: head[line.valueRange], as: UTF8.self) : nil
        }
    }

    /// The values of all field lines of that name as the bytes that came, in their order: for who asks at each request.
    package func values(_ name: FieldName) -> [ArraySlice<UInt8>] {
        var values: [ArraySlice<UInt8>] = []
        for line in lines where line.name == name { values.append(head[line.valueRange]) }
        return values
    }

    /// The first value of that name.
    package func field(_ name: String) -> String? {
        guard let line = lines.first(where: { isNamed($0, name) }) else { return nil }
        return String(decoding: head[line.valueRange], as: UTF8.self)
    }

    /// Whether its `If-None-Match` names the tag.
    func knows(_ tag: EntityTag) -> Bool {
        for line in lines where line.name == .ifNoneMatch {
            if tag.isNamed(by: unsafe head.span.bytes.extracting(line.valueRange)) { return true }
        }
        return false
    }

    private func isNamed(_ line: FieldLine, _ name: String) -> Bool {
        line.nameRange.count == name.utf8.count
            && zip(head[line.nameRange], name.utf8).allSatisfy { Bytes.lowercased($0) == Bytes.lowercased($1) }
    }
}
