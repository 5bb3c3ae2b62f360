import Differential
import Foundation
import Testing

/// Postern's parser against llhttp. Serialised: one probe, one question at a time.
@Suite("the head parser beside llhttp", .serialized)
struct HeadProbeTests {
    @Test("every request of the accepted corpus is accepted, and read as llhttp reads it")
    func acceptedCorpus() throws {
        let comparison = Comparison(probe: try HeadProbe())
        let entries = try Corpus.accepted.entries()
        #expect(entries.count >= 10)
        for entry in entries {
            let own = try comparison.read(entry.bytes)
            #expect(!own.isRefused && own.ending != .incomplete, "\(entry): \(own.ending)")
            let complaint = try comparison.complaint(entry.bytes)
            #expect(complaint == nil, "\(entry)")
        }
    }

    @Test("every request of the refused corpus is refused")
    func refusedCorpus() throws {
        let comparison = Comparison(probe: try HeadProbe())
        let entries = try Corpus.refused.entries()
        #expect(entries.count >= 40)
        for entry in entries {
            let own = try comparison.read(entry.bytes)
            #expect(own.isRefused, "\(entry): \(own)")
            let complaint = try comparison.complaint(entry.bytes)
            #expect(complaint == nil, "\(entry)")
        }
    }

    @Test("every input of the fuzz target `head`: what llhttp refuses is refused, what is accepted reads the same")
    func fuzzCorpus() throws {
        let comparison = Comparison(probe: try HeadProbe())
        var entries = try FuzzCorpus.entries()
        #expect(entries.count >= 40)
        if let grown = ProcessInfo.processInfo.environment["POSTERN_DIFFERENTIAL_INPUTS"] {
            entries += try FuzzCorpus.entries(folder: URL(filePath: grown, directoryHint: .isDirectory))
        }
        var accepted = 0
        for entry in entries {
            if try !comparison.read(entry.bytes).isRefused { accepted += 1 }
            guard let complaint = try comparison.complaint(entry.bytes) else { continue }
            Issue.record("\(entry): \(complaint)\n\(EscapedBytes.text(entry.bytes))")
        }
        #expect(accepted > 10 && accepted < entries.count, "\(accepted) of \(entries.count) accepted")
    }

    @Test("generated requests: what llhttp refuses is refused, what is accepted reads the same")
    func generated() throws {
        let environment = ProcessInfo.processInfo.environment
        let count = environment["POSTERN_DIFFERENTIAL_CASES"].flatMap { Int($0) } ?? 20_000
        let seed = environment["POSTERN_DIFFERENTIAL_SEED"].flatMap { UInt64($0) } ?? 1
        let comparison = Comparison(probe: try HeadProbe())
        var generator = RequestGenerator(seed: seed)
        var accepted = 0
        var complaints = 0
        for index in 0..<count {
            let bytes = generator.next()
            if try !comparison.read(bytes).isRefused { accepted += 1 }
            guard let complaint = try comparison.complaint(bytes, pieceSizes: [1 + index % 17]) else { continue }
            let smallest = try Shrinking.smallest(bytes) { try comparison.complaint($0) == complaint }
            Issue.record("seed \(seed), case \(index): \(complaint)\n\(EscapedBytes.text(smallest))")
            complaints += 1
            if complaints == 10 { break }
        }
        // A parser that refuses everything, or a generator that makes only rubbish, would agree with all.
        if complaints == 0 {
            #expect(accepted > count / 10, "\(accepted) of \(count) accepted")
            #expect(accepted < count * 9 / 10, "\(accepted) of \(count) accepted")
        }
    }
}
