/// Until when an answer is of use to the gateway that asks (`Postern-Deadline`, in milliseconds from when the request came).
struct RequestDeadline: Equatable {
    /// On the monotonic clock, in nanoseconds; the largest for none.
    private(set) var moment = UInt64.max

    /// Of a request's fields; none where the field is not there, or is no number.
    init(_ fields: FieldIndex, _ bytes: RawSpan, now: UInt64) {
        for line in fields.lines where line.name == .postern {
            guard line.isNamed("postern-deadline", in: bytes) else { continue }
            guard let milliseconds = Self.number(bytes.extracting(line.valueRange)) else { return }
            moment = now &+ milliseconds * 1_000_000
            return
        }
    }

    init(moment: UInt64 = .max) { self.moment = moment }

    func hasPassed(now: UInt64) -> Bool { now >= moment }

    /// Ten digits at most: a hundred days.
    private static func number(_ bytes: RawSpan) -> UInt64? {
        guard (1...10).contains(bytes.byteCount) else { return nil }
        var number: UInt64 = 0
        for index in 0..<bytes.byteCount {
            let byte = Bytes.at(bytes, index)
            guard byte >= 48 && byte <= 57 else { return nil }
            number = number * 10 + UInt64(byte - 48)
        }
        return number
    }
}
