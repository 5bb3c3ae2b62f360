import Shared

/// Tokens that come in cookies (`token_cookies` of postern.yaml).
extension Exchange {
    /// Pairs that are judged for one request; what comes after them is none of its credentials.
    private static let tokenCookieLimit = 4

    /// Where a request's credentials stand.
    enum TokenSource {
        case none
        /// In the head: the value of `Authorization`, or one pair of `Cookie`.
        case inHead(Range<Int>, TokenPlace)
        /// Several pairs, one after the other in `worker.scratch`.
        case pairs
    }

    /// `Authorization` goes before cookies.
    @inline(__always) func credentials(_ head: RequestHead, _ connection: ServerConnection) -> TokenSource {
        let field = head.fields.authorization
        if field >= 0, !head.fields.lines[field].valueRange.isEmpty {
            return .inHead(head.fields.lines[field].valueRange, .authorization)
        }
        guard let names = table.snapshot.tokenCookies else { return .none }
        return connection.withHead { tokenCookies(names, head.fields, $0) }
    }

    private func tokenCookies(_ names: TokenCookieNames, _ fields: FieldIndex, _ bytes: RawSpan) -> TokenSource {
        var found = 0..<0
        var count = 0
        for index in 0..<fields.lines.count where fields.lines[index].name == .cookie {
            var pairs = CookiePairs(fields.lines[index].valueRange)
            while count < Self.tokenCookieLimit, let pair = pairs.pair(in: bytes) {
                guard names.contains(bytes, pair.name) else { continue }
                count += 1
                if count == 1 {
                    found = pair.whole
                    continue
                }
                if count == 2 {
                    worker.scratch.removeAll(keepingCapacity: true)
                    worker.scratch.append(bytes, found)
                }
                worker.scratch.append(UInt8(ascii: ";"))
                worker.scratch.append(UInt8(ascii: " "))
                worker.scratch.append(bytes, pair.whole)
            }
        }
        switch count {
        case 0: return .none
        case 1: return .inHead(found, .cookie)
        default: return .pairs
        }
    }

    /// Whether a request carries a cookie that may be a token.
    func hasTokenCookie(_ names: TokenCookieNames, _ fields: FieldIndex, _ bytes: RawSpan) -> Bool {
        for index in 0..<fields.lines.count where fields.lines[index].name == .cookie {
            var pairs = CookiePairs(fields.lines[index].valueRange)
            while let pair = pairs.pair(in: bytes) {
                if names.contains(bytes, pair.name) { return true }
            }
        }
        return false
    }

    /// The names whose cookies stay here: those of tokens, where the route judges them.
    @inline(__always) var keptCookies: TokenCookieNames? {
        guard let names = table.snapshot.tokenCookies, rule?.authentication != RouteRule.Authentication.none else {
            return nil
        }
        return names
    }

    /// Writes `Cookie` without the pairs that may be tokens; nothing where none is left.
    func writeCookies(_ names: TokenCookieNames, _ fields: FieldIndex, _ bytes: RawSpan, to stream: Stream) {
        var hasBegun = false
        for index in 0..<fields.lines.count where fields.lines[index].name == .cookie {
            let line = fields.lines[index]
            if let rules = rule?.requestFields, rules.drops(line, bytes) { continue }
            var pairs = CookiePairs(line.valueRange)
            while let pair = pairs.pair(in: bytes) {
                if names.contains(bytes, pair.name) { continue }
                stream.append(hasBegun ? "; " : "Cookie: ")
                hasBegun = true
                stream.append(bytes.extracting(pair.whole))
            }
        }
        if hasBegun { stream.append("\r\n") }
    }
}
