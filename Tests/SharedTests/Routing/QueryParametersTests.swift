import Shared
import Testing

@Suite("The parameters of a query")
struct QueryParametersTests {
    @Test("keep all values of a name in their order")
    func repeated() throws {
        let query = try QueryParameters("a=1&b=2&a=3".utf8)
        #expect(query.values("a") == ["1", "3"])
        #expect(query.values("b") == ["2"])
        #expect(query.values("c") == [])
        #expect(query.first("a") == "1")
        #expect(query.first("c") == nil)
    }

    @Test(
        "read a plus as a space and decode escapes after",
        arguments: [
            ("a=b+c", "b c"), ("a=b%20c", "b c"), ("a=b%2Bc", "b+c"), ("a=%c3%A9", "é"), ("%61=x", "x"),
            ("a=%26%3d", "&="),
            ("a=1=2", "1=2"), ("a=", ""), ("a", ""), ("&&a=1&", "1"), ("a=%2561", "%61"),
        ])
    func decoding(query: String, value: String) throws {
        #expect(try QueryParameters(query.utf8).values("a") == [value])
    }

    @Test("are none for an empty query")
    func empty() throws {
        #expect(try QueryParameters("".utf8).values("") == [])
        #expect(QueryParameters().first("a") == nil)
        #expect(try QueryParameters("=x".utf8).first("") == "x")
    }

    @Test("are refused with an escape that cannot be decoded", arguments: ["a=%", "a=%2", "a=%zz", "%=1", "a=%2&b=0"])
    func malformedEscape(query: String) {
        #expect(throws: QueryError.malformedEscape) { try QueryParameters(query.utf8) }
    }

    @Test("are refused with bytes that are not UTF-8", arguments: ["a=%ff", "%c3=1", "a=%c0%af", "a=%ed%a0%80"])
    func invalidUTF8(query: String) {
        #expect(throws: QueryError.invalidUTF8) { try QueryParameters(query.utf8) }
    }
}
