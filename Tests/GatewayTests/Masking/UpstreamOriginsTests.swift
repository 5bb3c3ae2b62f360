import Testing

@testable import Gateway

@Suite("What tells who a service is")
struct UpstreamOriginsTests {
    @Test("instances bring their addresses and sockets, each once")
    func instances() {
        let origins = UpstreamOrigins(instances: [
            .unix(path: "/run/a.sock"), .tcp(address: "192.0.2.1", port: 8080), .unix(path: "/run/a.sock"),
            .tcp(address: "2001:db8::1", port: 80),
        ])
        #expect(origins.socketPaths == ["/run/a.sock"])
        #expect(origins.authorities.map(\.urlHost) == ["192.0.2.1", "[2001:db8::1]"])
        #expect(origins.authorities.map(\.port) == [8080, 80])
    }

    @Test("an address of this host brings the other names of this host")
    func loopback() {
        let origins = UpstreamOrigins(instances: [.tcp(address: "127.0.0.2", port: 8080)])
        #expect(Set(origins.authorities.map(\.host)) == ["127.0.0.2", "127.0.0.1", "localhost", "::1"])
        #expect(!UpstreamOrigins.isLoopback("127.example.com"))
        #expect(!UpstreamOrigins.isLoopback("128.0.0.1"))
    }

    @Test("a name is compared in lower case, without brackets and without the period of the root")
    func spelling() {
        let authority = UpstreamOrigins.Authority(host: "API.Example.", port: 443)
        #expect(authority.host == "api.example" && authority.isName)
        let address = UpstreamOrigins.Authority(host: "[2001:DB8::1]", port: 443)
        #expect(address.host == "2001:db8::1" && address.isIPv6 && !address.isName)
        #expect(UpstreamOrigins.Authority(host: "192.0.2.1", port: 1).isIPv4)
        #expect(!UpstreamOrigins.Authority(host: "1.example", port: 1).isIPv4)
    }
}
