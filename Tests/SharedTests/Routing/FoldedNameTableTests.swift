import Testing

@testable import Shared

@Suite("A table of names")
struct FoldedNameTableTests {
    private func index(_ table: FoldedNameTable, _ name: String) -> Int? {
        let bytes = Array("<\(name)>".utf8)
        return unsafe table.index(of: bytes.span.bytes, 1..<bytes.count - 1)
    }

    @Test("finds each of its names, letters without case, and nothing else")
    func names() {
        let names = (0..<200).map { "X-Field-\($0)" } + ["a", "Ab", String(repeating: "x", count: 300)]
        let table = FoldedNameTable(names.map { Array($0.utf8) })
        for (place, name) in names.enumerated() {
            #expect(index(table, name) == place)
            #expect(index(table, name.uppercased()) == place)
            #expect(index(table, name.lowercased()) == place)
            #expect(index(table, name + "-") == nil)
        }
        for other in [
            "", "b", "ac", "x-field-", "x-field-200", "x-field-1@", "X-Field_1", String(repeating: "x", count: 299),
        ] {
            #expect(index(table, other) == nil)
        }
    }

    @Test("only letters are folded")
    func letters() {
        let table = FoldedNameTable([Array("[a]".utf8), Array("@`".utf8)])
        #expect(index(table, "{a}") == nil)
        #expect(index(table, "[A]") == 0)
        #expect(index(table, "``") == nil)
    }

    @Test("an empty table has no names")
    func empty() {
        #expect(FoldedNameTable([]).isEmpty)
        #expect(index(FoldedNameTable([]), "a") == nil)
    }
}
