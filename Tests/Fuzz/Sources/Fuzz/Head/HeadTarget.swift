import Shared

/// The head parser, of requests and of responses. An input is what comes on a connection.
///
/// - In whatever pieces a head comes, and whatever head was parsed into the same object before, what is read is the same.
/// - A head ends where it ends: the bytes behind it change nothing, and without its last byte it is not complete.
/// - An accepted head is what a plain reading makes of it (`PlainHead`).
enum HeadTarget {
    static func check(_ bytes: [UInt8]) {
        var tight = HeadLimits()
        tight.startLine = 40
        tight.fieldLine = 40
        tight.fields = 4
        tight.head = 120
        for limits in [HeadLimits(), tight] {
            for kind in [HeadKind.request, .response] { check(bytes, kind, limits) }
        }
    }

    private static func check(_ bytes: [UInt8], _ kind: HeadKind, _ limits: HeadLimits) {
        let whole = HeadReading(kind).read(bytes, limits)
        for way in Cuts.ways(bytes) {
            let reading = HeadReading(kind)
            reading.soil()
            var outcome = HeadOutcome.needMore
            for length in way where outcome == .needMore {
                outcome = reading.read(Array(bytes[..<length]), limits)
            }
            require(outcome == whole, "cut at \(way), the \(kind) reads as \(outcome), whole as \(whole)")
        }
        guard case .complete(let facts) = whole else { return }
        let length = facts.headLength
        require(length <= limits.head, "a head of \(length) bytes, more than \(limits.head)")
        let alone = HeadReading(kind).read(Array(bytes[..<length]), limits)
        require(alone == whole, "without what follows it the \(kind) reads as \(alone), with it as \(whole)")
        let short = HeadReading(kind).read(Array(bytes[..<(length - 1)]), limits)
        require(short == .needMore, "without its last byte the \(kind) reads as \(short)")
        PlainHead(kind, bytes[..<length]).check(facts)
    }
}
