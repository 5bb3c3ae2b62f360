// Unsafe code: lends the bytes of a user's name.
import Shared

/// What `balance: {hash: …}` goes by.
extension Exchange {
    /// The key of this request: the same for all that are to meet one instance. A request without the user, the cookie or
    /// the field goes by the client, as a rate counts it: a whole IPv6 network of 64 bits is one.
    func balanceKey(_ key: BalanceRule.Key) -> UInt64 {
        guard let connection else { return 0 }
        switch key {
        case .client: break
        case .user:
            guard let verdict, !verdict.user.isEmpty else { break }
            let fields = verdict.fields
            return ConsistentHash.key(unsafe fields.span.bytes.extracting(verdict.user))
        case .cookie(let name):
            if let key = connection.withHead({ cookieKey(name, connection.head, $0) }) { return key }
        case .header(let name):
            if let key = connection.withHead({ fieldKey(name, connection.head, $0) }) { return key }
        }
        return ConsistentHash.key(connection.client.kind, connection.client.value)
    }

    /// The first of that name, if it says something.
    private func fieldKey(_ name: [UInt8], _ head: RequestHead, _ bytes: RawSpan) -> UInt64? {
        for index in 0..<head.fields.lines.count {
            let line = head.fields.lines[index]
            guard isNamed(name, line.nameRange, bytes) else { continue }
            return line.valueRange.isEmpty ? nil : ConsistentHash.key(bytes.extracting(line.valueRange))
        }
        return nil
    }

    /// The value of a cookie (RFC 6265 section 4.2.1); the first of that name, if it says something.
    private func cookieKey(_ name: [UInt8], _ head: RequestHead, _ bytes: RawSpan) -> UInt64? {
        for index in 0..<head.fields.lines.count where head.fields.lines[index].name == .cookie {
            let value = head.fields.lines[index].valueRange
            var start = value.lowerBound
            while start < value.upperBound {
                while start < value.upperBound, bytes.octet(start) == 32 || bytes.octet(start) == 9 { start += 1 }
                let end = bytes.first(UInt8(ascii: ";"), in: start..<value.upperBound) ?? value.upperBound
                let sign = start + name.count
                if sign < end, bytes.octet(sign) == UInt8(ascii: "="), bytes.holds(name, at: start..<sign) {
                    return sign + 1 < end ? ConsistentHash.key(bytes.extracting(sign + 1..<end)) : nil
                }
                start = end + 1
            }
        }
        return nil
    }

    /// - Parameter name: in lower case.
    private func isNamed(_ name: [UInt8], _ range: Range<Int>, _ bytes: RawSpan) -> Bool {
        guard range.count == name.count else { return false }
        for offset in 0..<name.count {
            let byte = bytes.octet(range.lowerBound + offset)
            guard (byte >= 65 && byte <= 90 ? byte | 32 : byte) == name[offset] else { return false }
        }
        return true
    }
}
