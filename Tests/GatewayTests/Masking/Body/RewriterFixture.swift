// Unsafe code: lends the bytes of arrays.
@testable import Gateway

/// A service `https://api.weather.example/v1` behind a gate that shows its `/v1/…` as `/api/…`, and nothing else of it.
final class WeatherURLs: BodyURLs {
    func appendPublicTarget(of target: RawSpan, service: Int, to output: inout [UInt8]) -> Bool {
        let text = String(decoding: (0..<target.byteCount).map { target.byte($0) }, as: UTF8.self)
        guard service == 7, text == "/v1" || text.hasPrefix("/v1/") || text.hasPrefix("/v1?") else { return false }
        output += Array(("/api" + text.dropFirst(3)).utf8)
        return true
    }
}

enum Rewriting {
    static let host = "api.weather.example"
    static let names: [BodyName?] = [
        BodyName(Array(host.utf8), kind: .host, ports: [443]),
        BodyName(Array("203.0.113.7".utf8), kind: .address, ports: [443]),
        BodyName(Array("2001:db8::7".utf8), kind: .address, ports: [443]),
        BodyName(Array("bücher.example".utf8), kind: .host, ports: [443]),
        BodyName(Array("xn--bcher-kva.example".utf8), kind: .host, ports: [443]),
        BodyName(Array("localhost".utf8), kind: .host, ports: [8080], needsPort: true),
        BodyName(Array("127.0.0.1".utf8), kind: .address, ports: [8080], needsPort: true),
        BodyName(Array("/run/postern/weather.sock".utf8), kind: .path),
    ]
    static let patterns = BodyPatterns(names.compactMap { $0 }, service: 7)
    static let origin = PublicOrigin(isSecure: false, authority: Array("gate.test:3000".utf8))

    static func rewriter(_ patterns: BodyPatterns = patterns, _ origin: PublicOrigin = origin) -> BodyRewriter<
        WeatherURLs
    > {
        let rewriter = BodyRewriter<WeatherURLs>()
        rewriter.begin(patterns, as: origin, WeatherURLs())
        return rewriter
    }

    /// What becomes of a text that comes in pieces, cut at these places.
    static func rewrite(_ text: [UInt8], cutAt places: [Int] = [], _ patterns: BodyPatterns = patterns) -> [UInt8] {
        let rewriter = rewriter(patterns)
        var output: [UInt8] = []
        var start = 0
        for end in places + [text.count] {
            rewriter.rewrite(unsafe text.span.bytes.extracting(start..<end), into: &output)
            start = end
        }
        rewriter.finish(into: &output)
        return output
    }

    static func rewrite(_ text: String) -> String {
        String(decoding: rewrite(Array(text.utf8)), as: UTF8.self)
    }
}
