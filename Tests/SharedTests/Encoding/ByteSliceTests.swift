import Testing

@testable import Shared

@Suite("Slices of bytes")
struct ByteSliceTests {
    private let bytes = Array("a.bc.a.b".utf8)

    @Test("are the same when their bytes are, wherever they stand")
    func same() {
        #expect(bytes[0..<2].isSame(as: bytes[5..<7]))
        #expect(!bytes[0..<2].isSame(as: bytes[2..<4]))
        #expect(!bytes[0..<2].isSame(as: bytes[0..<3]))
        #expect(bytes[0..<0].isSame(as: bytes[4..<4]))
        #expect(!bytes[0..<0].isSame(as: bytes[0..<1]))
    }

    @Test("tell where a byte stands, in the places of their array")
    func place() {
        let stop = UInt8(ascii: ".")
        #expect(bytes[...].place(of: stop, from: 0) == 1)
        #expect(bytes[2...].place(of: stop, from: 2) == 4)
        #expect(bytes[2...].place(of: stop, from: 5) == 6)
        #expect(bytes[2..<6].place(of: stop, from: 5) == nil)
        #expect(bytes[2..<6].place(of: stop, from: 6) == nil)
        #expect(bytes[2..<6].place(of: stop, from: 1) == nil)
        #expect(bytes[8...].place(of: stop, from: 8) == nil)
    }
}
