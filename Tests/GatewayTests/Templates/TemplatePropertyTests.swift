import Testing

@testable import Gateway
@testable import Shared

@Suite("For any request that a route with templates takes")
struct TemplatePropertyTests {
    private static let pieces = [
        "a", "Z", "7", "%2F", "%2f", "%25", "%252e", "%2526", "%3B", "%23", "%3f", "%20", "+", "%2B", "%c3%a9", "%26",
        "&",
        "=", "%3D", "@", ":", ",", "!", "$", "'", "(", ")", "*", "%22", "%7C", "%e2%82%ac", "~", "..a", "a..", "-._",
        "%2E",
        "%0a", "%0d", "%00", "%5c", "%",
    ]

    /// SplitMix64: the same on every run.
    private struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var value = state
            value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
            value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
            return value ^ (value >> 31)
        }
    }

    private func resolution(_ pattern: String) throws -> TemplateResolution {
        TemplateResolution(pattern: try RoutePattern(pattern), credentials: .unread())
    }

    @Test("what is sent reads as the template does, with the parameters' own values in their places")
    func structure() throws {
        let resolution = try resolution("/[a]/[b]/[...rest]")
        let tree = try RouteTree([(pattern: resolution.pattern, value: 0, source: "f")])
        let path = try PathTemplate(try TemplateText("/x/{a}/y-{b}.z/{rest...}"), resolution)
        let query = ValueTemplateQuery(try ValueTemplate(try TemplateText("{a}{b}"), in: .query, resolution))
        let field = try ValueTemplate(try TemplateText("{b};{rest...}"), in: .field, resolution)
        var generator = Generator(state: 1)
        func segment() -> String {
            (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                Self.pieces.randomElement(using: &generator) ?? ""
            }.joined()
        }
        var accepted = 0
        for _ in 0..<20_000 {
            let target =
                "/" + (0..<Int.random(in: 3...5, using: &generator)).map { _ in segment() }.joined(separator: "/")
            guard let asked = try? CanonicalPath(target.utf8) else { continue }
            var captures = RouteCaptures()
            guard tree.match(asked, captures: &captures) != nil else { continue }
            accepted += 1
            let values = (0..<asked.segmentCount).map { asked.string($0) }

            var sent: [UInt8] = []
            path.append(asked, captures, to: &sent)
            let read = try CanonicalPath(sent)
            #expect(
                (0..<read.segmentCount).map { read.string($0) } == ["x", values[0], "y-\(values[1]).z"]
                    + values.dropFirst(2))
            #expect(read.query == nil)

            var asQuery: [UInt8] = []
            query.rule.write(RawSpan(), 0..<0, asked, captures, to: &asQuery, scratch: &sent)
            let parameters = try QueryParameters(asQuery.dropFirst())
            #expect(parameters.values("q") == [values[0] + values[1]])
            #expect(parameters.values("after") == ["1"])
            #expect(asQuery.count { $0 == UInt8(ascii: "&") } == 1)

            var asField: [UInt8] = []
            field.write(asked, captures, to: &asField)
            #expect(asField.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            let parts = String(decoding: asField, as: UTF8.self).split(separator: ";", omittingEmptySubsequences: false)
            #expect(parts.count == 2)
            let rest = try parts[1].split(separator: "/").map { try QueryParameters("r=\($0)".utf8).first("r") ?? "" }
            #expect(rest == Array(values.dropFirst(2)))
        }
        #expect(accepted > 2_000)
    }

    /// `?q=…&after=1`.
    private struct ValueTemplateQuery {
        let rule: QueryRule
        init(_ value: ValueTemplate) {
            var set = ValueTemplate()
            set.append(text: "q=".utf8)
            set.append(value)
            set.append(text: "&after=1".utf8)
            rule = QueryRule(names: [Array("q".utf8), Array("after".utf8)], set: set)
        }
    }
}
