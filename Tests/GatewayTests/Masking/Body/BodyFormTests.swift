import Testing

@testable import Gateway

/// Every form in which an origin can stand in a text, and what it becomes.
@Suite("The forms of an origin in a body")
struct BodyFormTests {
    struct Form: Sendable, CustomTestStringConvertible {
        let text: String
        let becomes: String
        init(_ text: String, _ becomes: String) {
            self.text = text
            self.becomes = becomes
        }
        var testDescription: String { text }
    }

    static let urls: [Form] = [
        Form("https://api.weather.example/v1/oslo?x=1&y=2", "http://gate.test:3000/api/oslo?x=1&y=2"),
        Form("http://api.weather.example/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("HTTPS://API.Weather.EXAMPLE/v1/Oslo", "http://gate.test:3000/api/Oslo"),
        Form("wss://api.weather.example/v1/live", "ws://gate.test:3000/api/live"),
        Form("ws://api.weather.example/v1/live", "ws://gate.test:3000/api/live"),
        Form("//api.weather.example/v1/oslo", "//gate.test:3000/api/oslo"),
        Form("https://api.weather.example:443/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://" + "api.weather.example./v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://user:p%40ss@api.weather.example/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://" + "203.0.113.7/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://" + "[2001:db8::7]:443/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://" + "bücher.example/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://xn--bcher-kva.example/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form(#"https://b\u00fccher.example/v1/oslo"#, "http://gate.test:3000/api/oslo"),
        Form("https://b%C3%BCcher.example/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://" + "b&#252;cher.example/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("http://localhost:8080/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("http://127.0.0.1:8080/v1/oslo", "http://gate.test:3000/api/oslo"),
        Form("https://api.weather.example/v1", "http://gate.test:3000/api"),
        Form("https://api.weather.example", "http://gate.test:3000"),
        Form("https://api.weather.example/", "http://gate.test:3000/"),
        Form("https://" + "api.weather.example#top", "http://gate.test:3000" + "#top"),
        Form("https://api.weather.example/v1/a#top", "http://gate.test:3000/api/a#top"),
        Form("https://api.weather.example/v1/%C3%A5?q=%2F", "http://gate.test:3000/api/%C3%A5?q=%2F"),
    ]

    static let spellings: [Form] = [
        Form(#"https:\/\/api.weather.example\/v1\/oslo"#, #"http:\/\/gate.test:3000\/api\/oslo"#),
        Form(#"https:\\/\\/api.weather.example\\/v1\\/oslo"#, #"http:\\/\\/gate.test:3000\\/api\\/oslo"#),
        Form(
            #"https:\u002f\u002fapi.weather.example\u002fv1\u002foslo?a=1\u0026b=2"#,
            #"http:\u002f\u002fgate.test:3000\u002fapi\u002foslo?a=1\u0026b=2"#),
        Form(#"https\u003A\u002F\u002Fapi\u002Eweather.example/v1"#, #"http\u003A\u002F\u002Fgate.test\u003A3000/api"#),
        Form(#"https:\x2f\x2fapi.weather.example\x2fv1"#, #"http:\x2f\x2fgate.test:3000\x2fapi"#),
        Form(#"\u0068ttps://\u0061pi.weather.example/v1/a"#, "http://gate.test:3000/api/a"),
        Form("https://%61pi.we%61ther.ex%61mple/v1/a", "http://gate.test:3000/api/a"),
        Form("https://&#97;pi.weather.e&#x78;ample/v1/a", "http://gate.test:3000/api/a"),
        Form(
            "https%3A%2F%2Fapi.weather.example%2Fv1%2Foslo%3Fx%3D1%26y%3D2&z=3",
            "http%3A%2F%2Fgate.test%3A3000%2Fapi%2Foslo%3Fx%3D1%26y%3D2&z=3"),
        Form("https%3a%2f%2fapi.weather.example%2fv1%2foslo", "http%3a%2f%2fgate.test%3a3000%2fapi%2foslo"),
        Form(
            "https%253A%252F%252Fapi.weather.example%252Fv1%252Foslo%253Fx%253D1%26z%3D3",
            "http%253A%252F%252Fgate.test%253A3000%252Fapi%252Foslo%253Fx%253D1%26z%3D3"),
        Form(
            "https&#x3A;&#x2F;&#x2F;api.weather.example&#x2F;v1&#x2F;oslo",
            "http&#x3A;&#x2F;&#x2F;gate.test&#x3A;3000&#x2F;api&#x2F;oslo"),
        Form("https:&#47;&#47;api.weather.example&#47;v1&#47;a", "http:&#47;&#47;gate.test:3000&#47;api&#47;a"),
        Form(
            "https&colon;&sol;&sol;api&period;weather&period;example&sol;v1",
            "http&colon;&sol;&sol;gate.test&colon;3000&sol;api"),
        Form(
            "https://api.weather.example/v1/a?x=1&amp;y=2&amp;z=3",
            "http://gate.test:3000/api/a?x=1&amp;y=2&amp;z=3"),
        Form(
            "https://api.weather.example/v1/in?next=https%3A%2F%2Fapi.weather.example%2Fv1%2Fb%3Fc%3D1&d=2",
            "http://gate.test:3000/api/in?next=http%3A%2F%2Fgate.test%3A3000%2Fapi%2Fb%3Fc%3D1&d=2"),
        Form(
            "https://other.example/?u=https%3A%2F%2Fapi.weather.example%2Fv1%2Fb",
            "https://other.example/?u=http%3A%2F%2Fgate.test%3A3000%2Fapi%2Fb"),
    ]

    static let bare: [Form] = [
        Form("api.weather.example", "gate.test:3000"),
        Form("api.weather.example:443", "gate.test:3000"),
        Form("api.weather.example/v1/oslo", "gate.test:3000/api/oslo"),
        Form("ops@api.weather.example", "ops@gate.test:3000"),
        Form("cdn.api.weather.example", "cdn.gate.test:3000"),
        Form("203.0.113.7", "gate.test:3000"),
        Form("localhost:8080", "gate.test:3000"),
        Form("unix:/run/postern/weather.sock", "unix:gate.test:3000"),
        Form(#"\/run\/postern\/weather.sock"#, "gate.test:3000"),
        Form(#"\napi.weather.example\n"#, #"\ngate.test:3000\n"#),
        Form("“api.weather.example”", "“gate.test:3000”"),
        Form("&quot;api.weather.example&quot;", "&quot;gate.test:3000&quot;"),
        Form("%22api.weather.example%22", "%22gate.test:3000%22"),
    ]

    /// URLs that no route leads to: the gate's own address stands for all of them.
    static let unreachable: [Form] = [
        Form("https://api.weather.example/internal/keys?x=1", "http://gate.test:3000"),
        Form("https://api.weather.example:8443/v1/oslo", "http://gate.test:3000"),
        Form("https://cdn.api.weather.example/v1/oslo", "http://gate.test:3000"),
        Form("https://user:pass@cdn.api.weather.example/v1/oslo", "http://gate.test:3000"),
        Form("api.weather.example/internal", "gate.test:3000"),
    ]

    static let untouched: [String] = [
        "notapi.weather.example", "api.weather.example.org", "api.weather.example-2", "api-weather.example",
        "xapi.weather.example/v1", "api.weather.examples", "my_api.weather.example", "api.weather.example_x",
        "localhost", "localhost:9090", "127.0.0.1", "127.0.0.1:80", "http://127.0.0.1:9090/v1", "1203.0.113.7",
        "203.0.113.70", "203.0.113.7.5", "9.203.0.113.7", "[2001:db8::71]", "12001:db8::7", "a:2001:db8::7",
        "https://weather.example/v1/oslo", "/run/postern/weather.sockets", "https://other.example/api.weather",
        #"\u041f\u0440\u0438"#, "100%", "a && b", "&", "\\", "%", "%2", "&#", #"\u"#, "https://", "//",
    ]

    /// In front of a form and behind it, as the types of text have them.
    static let surroundings: [(String, String)] = [
        ("", ""), (" ", " "), (#"{"a":""#, #"","b":1}"#), ("<a href='", "'>x</a>"), ("<p>", "</p>"), ("<a>", "&lt;"),
        ("url(", ")"), ("data: ", "\n\n"), ("(see ", ")."), ("Go to ", ", please."), (#"{\"a\":\""#, #"\"}"#),
        ("x = `", "`;"), ("\t", "\r\n"), ("[", "]"), ("|", "|"),
    ]

    @Test("A URL of the service becomes the public one, spelled as it was", arguments: urls + spellings)
    func url(_ form: Form) { check(form) }

    @Test("A name without a scheme becomes the gate's", arguments: bare)
    func bareName(_ form: Form) { check(form) }

    @Test("A URL that no route leads to becomes the gate's origin", arguments: unreachable)
    func unreachableURL(_ form: Form) { check(form) }

    @Test("What is not the service's name stays", arguments: untouched)
    func other(_ text: String) { check(Form(text, text)) }

    private func check(_ form: Form) {
        for (before, behind) in Self.surroundings {
            #expect(Rewriting.rewrite(before + form.text + behind) == before + form.becomes + behind)
        }
    }

    @Test("Of a URL that is too long to be looked at nothing is left")
    func longURL() {
        let long = "https://api.weather.example/v1/" + String(repeating: "x", count: 5000)
        check(Form("a \(long) b", "a http://gate.test:3000 b"))
    }

    @Test("An address of IPv6 goes with its brackets, or without")
    func version6() {
        #expect(Rewriting.rewrite("at 2001:db8::7, at [2001:db8::7]") == "at gate.test:3000, at gate.test:3000")
    }

    @Test("Nothing of the inside is left where a password or a key stood in the URL")
    func secrets() {
        #expect(!Rewriting.rewrite("see https://u:hunter2@api.weather.example/x?key=hunter2.").contains("hunter2"))
    }

    @Test("A host of IPv6 is spelled as the text around it is")
    func publicIPv6() {
        let rewriter = Rewriting.rewriter(
            Rewriting.patterns, PublicOrigin(isSecure: true, authority: Array("[::1]:8443".utf8)))
        var output: [UInt8] = []
        unsafe rewriter.rewrite(Array("https%3A%2F%2Fapi.weather.example%2Fv1%2Fa".utf8).span.bytes, into: &output)
        rewriter.finish(into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "https%3A%2F%2F%5B%3A%3A1%5D%3A8443%2Fapi%2Fa")
        #expect(rewriter.replacements == 1)
    }
}
