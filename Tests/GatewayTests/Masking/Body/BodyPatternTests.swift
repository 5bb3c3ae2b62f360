import Testing

@testable import Gateway

@Suite("What is searched for in bodies")
struct BodyPatternTests {
    @Test("Every name, address and socket of a service is a pattern; what each host has needs its port")
    func origins() throws {
        var origins = UpstreamOrigins(instances: [.unix(path: "/run/a.sock"), .tcp(address: "127.0.0.1", port: 8080)])
        origins.add(UpstreamOrigins.Authority(host: "xn--bcher-kva.example", port: 443))
        let patterns = try #require(BodyPatterns(origins, service: 3))
        let names = patterns.names.map { String(decoding: $0.bytes, as: UTF8.self) }
        #expect(
            Set(names) == [
                "/run/a.sock", "127.0.0.1", "localhost", "::1", "xn--bcher-kva.example", "bücher.example",
            ])
        #expect(patterns.names.filter(\.needsPort).count == 3)
        #expect(patterns.service == 3)
    }

    @Test("A service without a name has no patterns")
    func nothing() {
        #expect(BodyPatterns(UpstreamOrigins(), service: 0) == nil)
    }

    @Test("A name is searched for by the pair of letters that is rarest in texts")
    func anchors() throws {
        let name = try #require(BodyName(Array("api.weather.example".utf8), kind: .host))
        #expect(name.bytes[name.anchor...].prefix(2).elementsEqual("xa".utf8))
        #expect(BodyName(Array("a".utf8), kind: .host) == nil)
    }

    @Test("Every place is found at which a name may begin, at any offset and with any number of names")
    func scanning() throws {
        for hosts in [["api.weather.example"], ["a-b.example", "qz.test"], ["kx.test", "jw.test", "vq.test"]] {
            let names = hosts.compactMap { BodyName(Array($0.utf8), kind: .host) }
            let patterns = BodyPatterns(names, service: 0)
            for needle in names.map({ Array($0.bytes[$0.anchor...].prefix(2)) })
                + ["%4", "&#", "\\u"].map({ Array($0.utf8) })
            {
                for offset in 0..<70 {
                    let text = [UInt8](repeating: 46, count: offset) + needle + [UInt8](repeating: 46, count: 40)
                    #expect(unsafe BodyScan.candidate(text.span.bytes, from: 0, patterns) == offset)
                    let end = Array(text.prefix(offset + 2))
                    #expect(unsafe BodyScan.candidate(end.span.bytes, from: 0, patterns) == offset)
                    #expect(unsafe BodyScan.candidate(end.span.bytes, from: offset + 1, patterns) == nil)
                }
            }
        }
    }
}
