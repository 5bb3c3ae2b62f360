// Unsafe code: lends the bytes of arrays.
import FoundationEssentials
import Testing

@testable import Gateway

/// What is decided from the fields around a body.
@Suite("Types, tags and codings of bodies")
struct BodyTruthTests {
    private func type(_ text: String) -> BodyType {
        let bytes = Array(text.utf8)
        return unsafe BodyType(bytes.span.bytes, 0..<bytes.count)
    }

    @Test(
        "Texts are rewritten",
        arguments: [
            "", "text/html", "Text/HTML; Charset=UTF-8", "application/json", "application/problem+json",
            "image/svg+xml", "text/event-stream", "application/x-ndjson", #"text/xml; charset="iso-8859-1""#,
            "application/javascript;charset=windows-1252", "application/vnd.apple.mpegurl", "; charset=utf-8",
        ])
    func texts(_ text: String) { #expect(type(text) == .text) }

    @Test(
        "All else passes",
        arguments: ["image/png", "application/octet-stream", "application/jsonx", "video/mp4", "font/woff2", "+json"])
    func others(_ text: String) { #expect(type(text) == .binary) }

    @Test(
        "A text whose letters are no bytes is not passed on",
        arguments: [
            "text/html; charset=utf-16", "text/html;charset=UTF-16LE", "application/json; charset=utf-32",
            "text/plain; x=y; charset=utf-7", "text/plain; charset=ibm037", "text/plain; charset=iso-2022-jp",
        ])
    func unreadable(_ text: String) { #expect(type(text) == .unreadable) }

    @Test("A tag is marked on the way out, and on the way back is the service's own")
    func tags() {
        let tag = BodyTag(0x1234_5678)
        func out(_ text: String) -> String {
            var output: [UInt8] = []
            let bytes = Array(text.utf8)
            unsafe tag.appendMarked(bytes.span.bytes, 0..<bytes.count, to: &output)
            return String(decoding: output, as: UTF8.self)
        }
        func back(_ text: String) -> String {
            var output: [UInt8] = []
            let bytes = Array(text.utf8)
            unsafe tag.appendUnmarked(bytes.span.bytes, 0..<bytes.count, to: &output)
            return String(decoding: output, as: UTF8.self)
        }
        #expect(out(#""a""#) == #""a~12345678""#)
        #expect(out(#"W/"a~b""#) == #"W/"a~b~12345678""#)
        #expect(out("bad") == "bad")
        for text in [#""a""#, #"W/"a~b""#, #""""#] { #expect(back(out(text)) == text) }
        #expect(back(#""a~12345678", W/"b~12345678", "c~00000000""#) == #""a", W/"b", "c~00000000""#)
        #expect(back("*") == "*")
    }

    private static let gzip = "H4sIAAAAAAACA6tWKk7NSVOyUsooKSmw0tc3NDLXMwBCQytL/TJD/fzinHylWgAnPly3JQAAAA=="

    /// What comes of a body that comes in pieces of `piece` bytes, with room for `room`.
    private func inflate(_ bytes: [UInt8], piece: Int, room: Int) throws -> (text: String, mayEnd: Bool) {
        let inflater = try #require(Inflater())
        inflater.begin(.gzip)
        var output: [UInt8] = []
        var space = [UInt8](repeating: 0, count: room)
        for start in stride(from: 0, to: bytes.count, by: piece) {
            let part = Array(bytes[start..<min(bytes.count, start + piece)])
            var (taken, produced) = (0, room)
            while taken < part.count || produced == room {
                let step = try inflater.step(part, from: taken, into: &space)
                taken += step.consumed
                produced = step.produced
                output += space[..<produced]
            }
        }
        return (String(decoding: output, as: UTF8.self), inflater.mayEnd)
    }

    @Test("A body is inflated in whatever pieces it comes and goes", arguments: [1, 7, 1000], [1, 16, 4096])
    func inflating(piece: Int, room: Int) throws {
        let bytes = Array(try #require(Data(base64Encoded: Self.gzip)))
        let text = #"{"self":"http://127.0.0.1:9/v1/oslo"}"#
        #expect(try inflate(bytes, piece: piece, room: room) == (text, true))
        #expect(try inflate(bytes + bytes, piece: piece, room: room) == (text + text, true))
        #expect(try inflate(Array(bytes.dropLast()), piece: piece, room: room).mayEnd == false)
        #expect(throws: Inflater.Fault.malformed) { try inflate(bytes + [1, 2, 3], piece: piece, room: room) }
        #expect(throws: Inflater.Fault.malformed) { try inflate([1, 2, 3], piece: piece, room: room) }
    }
}
