import Testing

@testable import Gateway

@Suite("Braces in a text of the configuration")
struct TemplateTextTests {
    @Test("names in braces are parameters and credentials")
    func tokens() throws {
        #expect(
            try TemplateText("a{b}c{d...}{credential:e}").tokens == [
                .text("a"), .parameter(name: "b", isAll: false), .text("c"), .parameter(name: "d", isAll: true),
                .credential("e"),
            ])
    }

    @Test("two braces are one that stands for itself")
    func literal() throws {
        #expect(try TemplateText("{{b}}").tokens == [.text("{b}")])
        #expect(
            try TemplateText("{{{b}}}").tokens == [.text("{"), .parameter(name: "b", isAll: false), .text("}")])
        #expect(try TemplateText("").tokens == [])
    }

    @Test("a brace without its other is an error", arguments: ["{a", "a}", "{", "}", "{{}"])
    func faults(text: String) {
        #expect(throws: TemplateFault.self) { try TemplateText(text) }
    }
}
