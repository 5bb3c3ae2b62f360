import Testing

@testable import Shared

@Suite("Entity tags")
struct EntityTagTests {
    private func tag(_ text: String) -> EntityTag { EntityTag(Array(text.utf8)) }

    private func isNamed(_ tag: EntityTag, by field: String) -> Bool {
        let bytes = Array(field.utf8)
        return tag.isNamed(by: unsafe bytes.span.bytes)
    }

    @Test("a tag is a quoted text of the hash and the length, the same for the same bytes")
    func form() {
        let text = "\(tag("hello"))"
        #expect(text == "\(tag("hello"))")
        #expect(text.first == "\"" && text.last == "\"")
        #expect(text.dropFirst().dropLast().utf8.allSatisfy { Bytes.isToken($0) })
        #expect(text.hasSuffix("-5\""))
        #expect("\(tag(""))".hasSuffix("-0\""))
    }

    @Test("one byte more, less or other makes another tag")
    func differences() {
        var seen: Set<String> = []
        var count = 0
        let text = Array("The quick brown fox jumps over the lazy dog".utf8)
        for length in 0...text.count {
            seen.insert("\(EntityTag(Array(text.prefix(length))))")
            count += 1
        }
        for index in text.indices {
            for bit in 0..<8 {
                var other = text
                other[index] ^= 1 << UInt8(bit)
                seen.insert("\(EntityTag(other))")
                count += 1
            }
        }
        // Words that change places are no word that stays.
        seen.insert("\(tag("AAAAAAAABBBBBBBB"))")
        seen.insert("\(tag("BBBBBBBBAAAAAAAA"))")
        #expect(seen.count == count + 2)
    }

    @Test("If-None-Match names a tag alone, in a list, weak, or as any")
    func named() {
        let tag = tag("hello")
        for field in [
            "\(tag)", " \(tag)\t", "W/\(tag)", "\"a\", \(tag)", "\"a\" ,W/\(tag), \"b\"", "*", " * ", ",\(tag),",
        ] {
            #expect(isNamed(tag, by: field))
        }
    }

    @Test("anything else names another")
    func notNamed() {
        let tag = tag("hello")
        let bare = "\(tag)".dropFirst().dropLast()
        for field in [
            "", ",", "\"\"", "\"a\"", "\(bare)", "w/\(tag)", "W/", "\"x\(bare)\"", "\(tag)x", "**", "W/W/\(tag)",
            "\(tag) \"a\"",
        ] {
            #expect(!isNamed(tag, by: field))
        }
    }
}

extension EntityTag: CustomStringConvertible {
    /// As it stands in a field.
    package var description: String { String(decoding: copied, as: UTF8.self) }
}
