import Shared
import Testing

@testable import Postern

@Suite("What postern up reads of a configuration")
struct UpConfigurationTests {
    @Test("One address or a list; what cannot be read is left to the gateway")
    func listen() throws {
        let folder = try TemporaryFolder()
        try folder.write("listen: 127.0.0.1:3000\n", to: "postern.yaml")
        #expect(try UpConfiguration(directory: folder.path).listen == [ListenAddress("127.0.0.1:3000")])
        try folder.write("listen:\n  - 127.0.0.1:1\n  - nonsense\n  - '*:2'\n", to: "postern.yaml")
        #expect(
            try UpConfiguration(directory: folder.path).listen == [ListenAddress("127.0.0.1:1"), ListenAddress("*:2")])
        try folder.write("listen: [", to: "postern.yaml")
        #expect(try UpConfiguration(directory: folder.path).listen == [])
    }

    @Test("The tutorial's secret is for the tutorial's users without a key of their own")
    func secret() throws {
        let folder = try TemporaryFolder()
        #expect(try !UpConfiguration(directory: folder.path).needsTutorialSecret)
        try folder.write("store: sqlite:a\n", to: "auth.yaml")
        #expect(try !UpConfiguration(directory: folder.path).needsTutorialSecret)
        try folder.write("seed: tutorial\n", to: "auth.yaml")
        #expect(try UpConfiguration(directory: folder.path).needsTutorialSecret)
        try folder.write("seed: tutorial\ntoken: {key: {env: JWT_SECRET_KEY}}\n", to: "auth.yaml")
        #expect(try UpConfiguration(directory: folder.path).needsTutorialSecret)
        for other in ["keys: /etc/keys", "token: {key: {env: OTHER}}", "token: {key: {credential: jwt}}"] {
            try folder.write("seed: tutorial\n\(other)\n", to: "auth.yaml")
            #expect(try !UpConfiguration(directory: folder.path).needsTutorialSecret, "\(other)")
        }
    }

    @Test("The tutorial's rows are known by their seed")
    func rows() throws {
        let folder = try TemporaryFolder()
        #expect(try !UpConfiguration(directory: folder.path).isTutorial)
        try folder.write("seed: tutorial\n", to: "data.yaml")
        #expect(try UpConfiguration(directory: folder.path).isTutorial)
    }

    @Test("A folder that is not there is a configuration error with the mend")
    func missing() throws {
        let folder = try TemporaryFolder()
        try folder.write("", to: "file")
        for path in ["nothing", "file"] {
            #expect {
                _ = try UpConfiguration(directory: "\(folder.path)/\(path)")
            } throws: {
                ($0 as? CommandFailure)?.status == .configuration && "\($0)".contains("--config")
            }
        }
    }

    @Test(
        "The URL to try is one that this machine reaches",
        arguments: [
            ("127.0.0.1:3000", "http://127.0.0.1:3000"), ("0.0.0.0:80", "http://127.0.0.1:80"),
            ("*:80", "http://127.0.0.1:80"), ("localhost:1", "http://127.0.0.1:1"), ("[::]:2", "http://127.0.0.1:2"),
            ("[::1]:2", "http://[::1]:2"),
        ])
    func url(address: String, url: String) throws {
        #expect(try ListenAddress(address).url == url)
    }

    @Test("The line to try names a Unix socket as curl wants it")
    func curlLine() {
        #expect(UpRun.curlLine("http://[::1]:80", isTutorial: false) == "curl -i http://[::1]:80/")
        #expect(UpRun.curlLine("http://127.0.0.1:1", isTutorial: true) == "curl 'http://127.0.0.1:1/api/posts?limit=2'")
        #expect(UpRun.curlLine("unix:/a b", isTutorial: false) == "curl --unix-socket '/a b' -i http://localhost/")
        #expect(
            UpRun.curlLine("unix:/a", isTutorial: true)
                == "curl --unix-socket '/a' 'http://localhost/api/posts?limit=2'")
    }
}
