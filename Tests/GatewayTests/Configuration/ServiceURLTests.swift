import Testing

@testable import Gateway
@testable import Shared

@Suite("The URL of a service")
struct ServiceURLTests {
    @Test(
        "scheme, host, port and path are told apart",
        arguments: [
            ("https://api.weather.example/v1", true, ServiceURL.Host.name("api.weather.example"), 443, "/v1"),
            ("https://api.weather.example", true, .name("api.weather.example"), 443, ""),
            ("https://API.Example:8443/", true, .name("api.example"), 8443, ""),
            ("http://192.0.2.1:81/a/b/", false, .address("192.0.2.1"), 81, "/a/b"),
            ("http://[2001:DB8::0:1]/a%20b", false, .address("2001:db8::1"), 80, "/a%20b"),
            ("https://xn--bcher-kva.example", true, .name("xn--bcher-kva.example"), 443, ""),
        ])
    func parts(text: String, isSecure: Bool, host: ServiceURL.Host, port: UInt16, path: String) throws {
        let url = try ServiceURL(text)
        #expect(url.isSecure == isSecure)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.basePath == path)
    }

    @Test(
        "the port is told to a service where it is not the scheme's own",
        arguments: [
            ("https://a.example:443", "a.example", "https://a.example"),
            ("http://a.example:443/x", "a.example:443", "http://a.example:443/x"),
            ("https://[::1]:80", "[::1]:80", "https://[::1]:80"),
        ])
    func authority(text: String, authority: String, whole: String) throws {
        let url = try ServiceURL(text)
        #expect(url.authority == authority)
        #expect("\(url)" == whole)
    }

    @Test(
        "what could be read in two ways is refused, with the mend",
        arguments: [
            ("", "names no host"),
            ("/v1", "names no host"),
            ("a.example?x=1", "holds a query or a fragment"),
            ("a.example/v1?x", "holds a query or a fragment"),
            ("a.example/v1#x", "holds a query or a fragment"),
            ("a.example:", "is no port"),
            ("a.example:0", "is no port"),
            ("a.example:080", "is no port"),
            ("a.example:65536", "is no port"),
            ("a.example:+80", "is no port"),
            ("a.example:80:80", "is no port"),
            ("::1", "names no host"),
            ("[::1", "a bracket that is not closed"),
            ("[::1]x", "has more than a port"),
            ("[::g]", "is no IPv6 address"),
            ("[fe80::1%eth0]", "is no IPv6 address"),
            ("bücher.example", "is not in ASCII"),
            ("a.example.", "ends in a period"),
            ("a..example", "is no name of a machine"),
            ("-a.example", "is no name of a machine"),
            ("a b.example", "is no name of a machine"),
            ("a%2eb.example", "is no name of a machine"),
            ("a\\b.example", "is no name of a machine"),
            ("a.example,b.example", "is no name of a machine"),
            ("127.1", "neither a name nor an address"),
            ("2130706433", "neither a name nor an address"),
            ("0x7f.0x1", "neither a name nor an address"),
            ("0x", "neither a name nor an address"),
            ("127.0.0.1.", "ends in a period"),
            ("0127.0.0.1", "neither a name nor an address"),
            ("256.0.0.1", "neither a name nor an address"),
            ("a.example/v1/../v2", "can be read in two ways"),
            ("a.example//v1", "can be read in two ways"),
            ("a.example/v1//", "is not in its plain form"),
            ("a.example/%76%31", "is not in its plain form"),
            ("a.example/v1;x", "can be read in two ways"),
            ("a.example/v\r\n1", "can be read in two ways"),
        ])
    func refused(text: String, message: String) {
        let fault = #expect(throws: ServiceURL.Fault.self) { try ServiceURL("https://" + text) }
        #expect(fault?.message.contains(message) == true, "\(fault?.message ?? "")")
        #expect(fault?.mend.isEmpty == false)
    }

    @Test("a URL begins with its scheme", arguments: ["api.example", "HTTPS", "ftp", "unix"])
    func scheme(text: String) {
        let fault = #expect(throws: ServiceURL.Fault.self) { try ServiceURL(text + "://api.example") }
        #expect(fault?.message.contains("does not begin with https:// or http://") == true)
    }

    @Test("a URL with a user or a password is refused, and not repeated")
    func user() {
        for text in ["user:secret@a.example", "secret@a.example/v1", "a@secret@b/"] {
            let fault = #expect(throws: ServiceURL.Fault.self) { try ServiceURL("https://" + text) }
            #expect(fault?.message == "the URL holds a user or a password")
            #expect(fault?.mend.contains("secret") == false)
        }
    }

    @Test("an underscore may stand in a name: private networks use it")
    func underscore() throws {
        #expect(try HostName.check("back_end") == "back_end")
    }

    @Test("the longest parts of a name are let in, and no longer ones")
    func lengths() {
        let label = String(repeating: "a", count: 63)
        #expect(throws: Never.self) { try ServiceURL("https://\(label).example") }
        #expect(throws: ServiceURL.Fault.self) { try ServiceURL("https://a\(label).example") }
        let long = [label, label, label, String(repeating: "a", count: 61)].joined(separator: ".")
        #expect(throws: Never.self) { try ServiceURL("https://\(long)") }
        #expect(throws: ServiceURL.Fault.self) { try ServiceURL("https://\(long)a") }
    }
}
