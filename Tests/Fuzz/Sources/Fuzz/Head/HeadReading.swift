// Unsafe code: the checker counts the bytes of a span among what is unsafe.
import Shared

enum HeadKind {
    case request, response
}

/// What was read of a head: everything that the engine says of it.
struct HeadFacts: Equatable {
    struct Line: Equatable {
        var name: Range<Int>
        var value: Range<Int>
        var field: FieldName
        var isForThisHop: Bool
    }

    /// Requests: method and target; responses: the reason.
    var ranges: [Range<Int>] = []
    var method: Method?
    var status = 0
    var minorVersion = 0
    var lines: [Line] = []
    var contentLength = -1
    var isChunked = false
    /// close, keep-alive, upgrade.
    var options: [Bool] = []
    var expectsContinue = false
    /// host, authorization, connection, upgrade, te.
    var places: [Int] = []
    var headLength = 0
    var run: Range<Int> = 0..<0
}

enum HeadOutcome: Equatable {
    case needMore
    case complete(HeadFacts)
    /// The bounds of a line and of the head may both be passed, and which is seen first depends on the pieces.
    case refused(status: Int)
}

/// One head object and its kind.
struct HeadReading {
    private let kind: HeadKind
    private let request = RequestHead()
    private let response = ResponseHead()

    init(_ kind: HeadKind) { self.kind = kind }

    /// Parses another head first: nothing of it must be left.
    func soil() {
        let fields =
            "Host: soil.example\r\nConnection: close, keep-alive, upgrade, x-a\r\nX-A: b\r\nUpgrade: a\r\nTE: trailers\r\n"
            + "Authorization: b\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
        let start = kind == .request ? "PATCH /soil HTTP/1.1\r\n" : "HTTP/1.1 404 soil\r\n"
        guard case .complete = read(Array((start + fields).utf8), HeadLimits()) else {
            broken("the head that is parsed before is refused")
        }
    }

    /// Called again with the same bytes and more behind them for as long as more are needed.
    func read(_ bytes: [UInt8], _ limits: HeadLimits) -> HeadOutcome {
        do throws(MessageFault) {
            let length =
                switch kind {
                case .request: try unsafe HeadParser.parse(bytes.span.bytes, limits: limits, into: request)
                case .response: try unsafe HeadParser.parse(bytes.span.bytes, limits: limits, into: response)
                }
            guard let length else { return .needMore }
            let facts = facts
            require(length == facts.headLength, "the head's length is \(length), and \(facts.headLength)")
            return .complete(facts)
        } catch {
            return .refused(status: error.status)
        }
    }

    private var facts: HeadFacts {
        var facts = HeadFacts()
        let fields: FieldIndex
        switch kind {
        case .request:
            fields = request.fields
            facts.ranges = [request.methodRange, request.targetRange]
            facts.method = request.method
            facts.minorVersion = request.minorVersion
        case .response:
            fields = response.fields
            facts.ranges = [response.reasonRange]
            facts.status = response.status
            facts.minorVersion = response.minorVersion
        }
        facts.lines = fields.lines.map {
            HeadFacts.Line(name: $0.nameRange, value: $0.valueRange, field: $0.name, isForThisHop: $0.isForThisHop)
        }
        facts.contentLength = fields.contentLength
        facts.isChunked = fields.isChunked
        facts.options = [fields.wantsClose, fields.wantsKeepAlive, fields.wantsUpgrade]
        facts.expectsContinue = fields.expectsContinue
        facts.places = [fields.host, fields.authorization, fields.connection, fields.upgrade, fields.te]
        facts.headLength = fields.headLength
        if !fields.lines.isEmpty { facts.run = fields.run(0, fields.lines.count) }
        return facts
    }
}
