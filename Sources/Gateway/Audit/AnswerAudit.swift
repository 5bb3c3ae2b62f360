// Unsafe code: arrays' bytes as spans.
import Shared

/// Looks at one answer as it comes: its head, its body in pieces, its trailers.
struct AnswerAudit {
    private let request: String
    private let keptFields: Set<String>
    private var scanner: LeakScanner
    private(set) var status = 0
    private(set) var findings: [AuditFinding] = []
    /// The last bytes of the body, to show what was found; where they begin.
    private var window: [UInt8] = []
    private var windowStart = 0
    private static let windowLimit = 8192
    /// Undoes the coding of a body that comes compressed, though nobody asked for that; `room` is for what comes of it.
    private var inflater: Inflater?
    private var room: [UInt8] = []
    private static let context = 24

    /// - Parameter keptFields: names, in lower case, that the configuration lets pass.
    init(_ request: String, identity: IdentityMatcher, keptFields: Set<String>) {
        self.request = request
        self.keptFields = keptFields
        scanner = LeakScanner(identity)
    }

    /// Looks at a head, without the bytes behind it.
    mutating func head(_ bytes: RawSpan, _ head: ResponseHead) {
        status = head.status
        inflater = nil
        scan(bytes, head.reasonRange, .statusLine)
        for line in head.fields.lines {
            let name = Self.text(bytes, line.nameRange)
            if name.lowercased() == "content-encoding", let coding = Inflater.Coding(bytes, line.valueRange) {
                inflater = Inflater()
                inflater?.begin(coding)
            }
            if line.name.describesServer, !keptFields.contains(name.lowercased()) {
                let value = Self.text(bytes, line.valueRange)
                findings.append(finding(.field(name), .field, "\(name): \(value)"))
            } else {
                scan(bytes, line.valueRange, .field(name))
            }
        }
        scanner.reset()
    }

    mutating func body(_ bytes: RawSpan) {
        guard let inflater else { return text(bytes) }
        if room.isEmpty { room = [UInt8](repeating: 0, count: 16 * 1024) }
        var input: [UInt8] = []
        input.append(bytes, 0..<bytes.byteCount)
        var taken = 0
        while true {
            guard let step = try? inflater.step(input, from: taken, into: &room) else {
                // It is none: what is left is looked at as it came.
                self.inflater = nil
                let rest = Array(input[taken...])
                return text(unsafe rest.span.bytes)
            }
            taken += step.consumed
            let produced = Array(room[..<step.produced])
            text(unsafe produced.span.bytes)
            if step.produced < room.count, taken == input.count || step.consumed == 0 { return }
        }
    }

    /// Looks at a piece of the body's text.
    private mutating func text(_ bytes: RawSpan) {
        if window.count + bytes.byteCount > Self.windowLimit + bytes.byteCount, window.count > Self.windowLimit {
            let surplus = window.count - Self.windowLimit
            window.removeFirst(surplus)
            windowStart += surplus
        }
        window.append(bytes, 0..<bytes.byteCount)
        scanner.scan(bytes)
        takeBodyFindings()
    }

    mutating func trailers(_ bytes: RawSpan) {
        endBody()
        scan(bytes, 0..<bytes.byteCount, .trailers)
    }

    /// No more of the body comes.
    mutating func endBody() {
        scanner.finish()
        takeBodyFindings()
        scanner.reset()
    }

    private mutating func takeBodyFindings() {
        for leak in scanner.found {
            let start = max(windowStart, leak.range.lowerBound - Self.context)
            let end = min(windowStart + window.count, leak.range.upperBound + Self.context)
            let text =
                start < end ? String(decoding: window[start - windowStart..<end - windowStart], as: UTF8.self) : ""
            findings.append(finding(.body(leak.range.lowerBound), leak.kind, text))
        }
        scanner.found.removeAll()
    }

    private mutating func scan(_ bytes: RawSpan, _ range: Range<Int>, _ place: AuditFinding.Place) {
        scanner.reset()
        scanner.scan(bytes.extracting(range))
        scanner.finish()
        for leak in scanner.found { findings.append(finding(place, leak.kind, Self.text(bytes, range))) }
        scanner.reset()
    }

    private func finding(_ place: AuditFinding.Place, _ kind: LeakKind, _ text: String) -> AuditFinding {
        AuditFinding(request: request, status: status, place: place, kind: kind, text: text)
    }

    private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        var text: [UInt8] = []
        text.append(bytes, range)
        return String(decoding: text, as: UTF8.self)
    }
}
