// Unsafe code: lends the bytes of arrays, and calls clock_gettime(3) and memcpy(3).
import Glibc

/// `Rewriter [SECONDS]`: bytes a second of CPU time that the body rewriter takes, on texts of several kinds, beside what
/// a plain copy takes. A text is handed over in pieces of 64 KiB, as a service's answer comes.
@main
struct RewriterCommand {
    static let piece = 64 * 1024

    static func main() {
        let seconds = CommandLine.arguments.dropFirst().first.flatMap { Double($0) } ?? 1
        print("text                                       MB/s   (CPU time; a thousand million bytes are 1000)")
        let json = Sample.json(bytes: 4 << 20, everyBytes: nil)
        report("a copy of it", json.count, seconds) { copy(json, to: &$0) }
        for (name, text) in Sample.all {
            report(name, text.count, seconds) { rewrite(text, to: &$0) }
        }
        report("JSON, no match, asked whether it passes", json.count, seconds) { pass(json, to: &$0) }
    }

    static func report(_ name: String, _ count: Int, _ seconds: Double, _ work: (inout [UInt8]) -> Void) {
        var output: [UInt8] = []
        output.reserveCapacity(2 * piece)
        work(&output)
        var best = Double.infinity
        let end = cpu() + seconds
        repeat {
            let start = cpu()
            work(&output)
            best = min(best, cpu() - start)
        } while cpu() < end
        let rate = Int(Double(count) / best / 1e6)
        print(name + String(repeating: " ", count: max(1, 40 - name.utf8.count)) + "\(rate)")
    }

    static func cpu() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    static func rewriter() -> BodyRewriter<Gate> {
        let rewriter = BodyRewriter<Gate>()
        rewriter.begin(Sample.patterns, as: PublicOrigin(isSecure: true, authority: Array("gate.test".utf8)), Gate())
        return rewriter
    }

    static func rewrite(_ text: [UInt8], to output: inout [UInt8]) {
        let rewriter = rewriter()
        for start in stride(from: 0, to: text.count, by: piece) {
            output.removeAll(keepingCapacity: true)
            let end = min(text.count, start + piece)
            rewriter.rewrite(unsafe text.span.bytes.extracting(start..<end), into: &output)
        }
        rewriter.finish(into: &output)
    }

    static func pass(_ text: [UInt8], to output: inout [UInt8]) {
        let rewriter = rewriter()
        for start in stride(from: 0, to: text.count, by: piece) {
            let part = unsafe text.span.bytes.extracting(start..<min(text.count, start + piece))
            if rewriter.passes(part) { continue }
            output.removeAll(keepingCapacity: true)
            rewriter.rewrite(part, into: &output)
        }
    }

    static func copy(_ text: [UInt8], to output: inout [UInt8]) {
        for start in stride(from: 0, to: text.count, by: piece) {
            output.removeAll(keepingCapacity: true)
            unsafe text.withUnsafeBufferPointer { text in
                unsafe output.append(
                    contentsOf: UnsafeBufferPointer(rebasing: text[start..<min(text.count, start + piece)]))
            }
        }
    }
}

/// A gate whose public paths are the service's below /api.
final class Gate: BodyURLs {
    func appendPublicTarget(of target: RawSpan, service: Int, to output: inout [UInt8]) -> Bool {
        output.append(text: "/api")
        output.append(span: target, 0..<target.byteCount)
        return true
    }
}
