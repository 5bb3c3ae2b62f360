// Unsafe code: the checker counts the bytes of a span among what is unsafe.
import Shared

/// The chunked decoder. An input is what comes on a connection behind a head that says `Transfer-Encoding: chunked`.
///
/// - In whatever pieces it comes, the content, its end and the verdict are the same.
/// - They are what a plain decoder makes of it (`PlainChunks`), that which is refused included.
/// - Whatever content is written in chunks comes out as it went in.
/// - No trailer is passed on that frames, routes, or says who asks.
enum ChunkedTarget {
    static func check(_ bytes: [UInt8]) {
        let whole = ChunkedReading(bytes, cutAt: [bytes.count])
        for way in Cuts.ways(bytes) {
            let reading = ChunkedReading(bytes, cutAt: way)
            require(reading == whole, "cut at \(way), it reads as \(reading), whole as \(whole)")
        }
        let plain = PlainChunks.read(bytes)
        require(whole == plain, "it reads as \(whole), plainly as \(plain)")
        if whole.ending == .end { checkTrailers(whole.trailers) }
        checkRoundTrip(bytes)
    }

    private static func checkTrailers(_ section: [UInt8]) {
        guard let lines = PlainText.lines(section[...]) else { broken("the trailers are \(shown(section))") }
        var passed: [[UInt8]] = []
        TrailerRule.forEachPassable(unsafe section.span.bytes) { line in
            passed.append((0..<line.byteCount).map { unsafe line.unsafeLoad(fromByteOffset: $0, as: UInt8.self) })
        }
        var rest = lines.map { Array($0) + [13, 10] }[...]
        for line in passed {
            rest = rest.drop { $0 != line }
            require(rest.popFirst() != nil, "passed on, but not among the trailers: \(shown(line))")
            let name = PlainText.lowercased(line.prefix { $0 != UInt8(ascii: ":") })
            require(!PlainName.isNoTrailer(name), "passed on as a trailer: \(name)")
        }
    }

    /// The input taken for content.
    private static func checkRoundTrip(_ content: [UInt8]) {
        var encoded: [UInt8] = []
        var start = 0
        for end in Cuts.ways(content).last ?? [] where end > start {
            encoded += Array("\(String(end - start, radix: 16))\r\n".utf8) + content[start..<end] + [13, 10]
            start = end
        }
        encoded += Array("0\r\n\r\n".utf8)
        let reading = ChunkedReading(encoded, cutAt: [encoded.count / 2, encoded.count])
        require(
            reading.ending == .end && reading.content == content && reading.consumed == encoded.count,
            "written in chunks, \(shown(content)) comes back as \(reading)")
    }
}

/// What was read of a chunked body.
struct ChunkedReading: Equatable {
    enum Ending: Equatable {
        case needMore, end, refused
    }

    var content: [UInt8] = []
    /// How many bytes belong to the body, as far as it was read; not told of one that is refused or not complete.
    var consumed = 0
    /// The trailer section with its empty line.
    var trailers: [UInt8] = []
    var ending = Ending.needMore

    init() {}

    /// Read as a connection does: what is understood is taken off, what comes is put behind.
    init(_ bytes: [UInt8], cutAt lengths: [Int]) {
        var reader = BodyReader(.chunked)
        var start = 0
        var last: [UInt8] = []
        do throws(MessageFault) {
            for length in lengths {
                loop: while true {
                    switch try unsafe reader.next(Array(bytes[start..<length]).span.bytes) {
                    case .content(let count):
                        require(count > 0 && start + count <= length, "\(count) bytes of \(length - start) are content")
                        content += bytes[start..<(start + count)]
                        start += count
                    case .skip(let count):
                        require(count > 0 && start + count <= length, "\(count) bytes of \(length - start) are skipped")
                        last = Array(bytes[start..<(start + count)])
                        start += count
                    case .needMore: break loop
                    case .end:
                        ending = .end
                        consumed = start
                        trailers = last
                        return
                    }
                }
            }
        } catch {
            ending = .refused
        }
    }
}
