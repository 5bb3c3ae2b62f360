import Testing

@testable import Shared

@Suite("listen address")
struct ListenAddressTests {
    @Test(
        "every form is read, and written as it is read",
        arguments: [
            ("unix:/run/postern/data.sock", ListenAddress.unix(path: "/run/postern/data.sock")),
            ("127.0.0.1:3000", .tcp(host: .address("127.0.0.1"), port: 3000)),
            ("[::1]:3000", .tcp(host: .address("::1"), port: 3000)),
            ("localhost:3000", .tcp(host: .localhost, port: 3000)),
            ("*:0", .tcp(host: .any, port: 0)),
        ])
    func forms(text: String, address: ListenAddress) throws {
        #expect(try ListenAddress(text) == address)
        #expect(address.description == text)
    }

    @Test("two writings of one address are one address")
    func normalised() throws {
        #expect(try ListenAddress("[0:0::0001]:80") == ListenAddress("[::1]:80"))
        #expect(try ListenAddress("LocalHost:80") == ListenAddress("localhost:80"))
    }

    @Test("a relative path needs a folder")
    func relative() throws {
        #expect(try ListenAddress("unix:a.sock", relativeTo: "/run/x") == .unix(path: "/run/x/a.sock"))
        #expect(try ListenAddress(unixPath: "a.sock", relativeTo: "/run/x/") == .unix(path: "/run/x/a.sock"))
        #expect(try ListenAddress(unixPath: "/b.sock", relativeTo: "/run/x") == .unix(path: "/b.sock"))
    }

    private static let forms = "Write unix:/path, 127.0.0.1:3000, [::1]:3000, localhost:3000 or *:3000."

    @Test(
        "what cannot be read says what is wrong and the mend",
        arguments: [
            ("/run/a.sock", #""/run/a.sock" is a path without unix:. Write unix:/run/a.sock."#),
            ("3000", #""3000" names no port. FORMS"#),
            ("", #""" names no port. FORMS"#),
            (
                ":3000",
                #"":3000" names no address. Write 127.0.0.1:3000 for this machine alone, or *:3000 for every address."#
            ),
            ("example.com:80", #""example.com" is no address of a machine. FORMS"#),
            ("256.0.0.1:80", #""256.0.0.1" is no address of a machine. FORMS"#),
            ("[127.0.0.1]:80", #""[127.0.0.1]" is no address of a machine. FORMS"#),
            ("::1:80", #"the IPv6 address in "::1:80" has no brackets. Write [::1]:80."#),
            ("127.0.0.1:65536", #""65536" in "127.0.0.1:65536" is no port. A port is a number from 0 to 65535."#),
            ("127.0.0.1:", #""" in "127.0.0.1:" is no port. A port is a number from 0 to 65535."#),
            ("127.0.0.1:+80", #""+80" in "127.0.0.1:+80" is no port. A port is a number from 0 to 65535."#),
            ("unix:", #""" is no absolute path of a socket. Begin it with /, for example /run/postern/name.sock."#),
            (
                "unix:a.sock",
                #""a.sock" is no absolute path of a socket. Begin it with /, for example /run/postern/name.sock."#
            ),
            ("unix:/run/", #""/run/" is a folder's path, not a socket's. Add the name of the socket."#),
            ("unix:/a\u{0}b", "the path of a socket holds a NUL byte. Take it out."),
        ])
    func errors(text: String, message: String) {
        let error = #expect(throws: ListenError.self) { try ListenAddress(text) }
        #expect(error?.description == message.replacing("FORMS", with: Self.forms))
    }

    @Test("an abstract socket is refused in a folder too")
    func abstract() {
        #expect(throws: ListenError.self) { try ListenAddress("unix:@name", relativeTo: "/run") }
    }

    @Test("a socket's path has 107 bytes at most, and the error says both numbers")
    func pathLength() throws {
        let longest = "/" + String(repeating: "a", count: 106)
        #expect(try ListenAddress(unixPath: longest) == .unix(path: longest))
        let error = #expect(throws: ListenError.self) { try ListenAddress(unixPath: longest + "é") }
        #expect(
            error?.description
                == "the socket path \(longest)é has 109 bytes, and a Unix socket's has 107 at most. Choose a shorter path."
        )
    }
}
