/// Writes one JSON value (RFC 8259) into bytes: no spaces, keys in the order of the calls, strings escaped exactly as
/// ECMAScript's `JSON.stringify` escapes them (ECMA-262, QuoteJSONString).
///
/// Commas, colons and closing brackets are right by construction: whoever writes never writes one. An object or an
/// array is a closure, so it cannot stay open; a comma goes before whatever follows a finished value.
///
/// ```swift
/// var writer = JSONWriter()
/// writer.object { user in
///     user.member("id", 3)
///     user.key("tags")
///     user.array { $0.string("a"); $0.string("b") }
/// }
/// writer.bytes  // {"id":3,"tags":["a","b"]}
/// ```
package struct JSONWriter: Sendable {
    /// What is written so far; a whole value once every closure has returned.
    package private(set) var bytes: [UInt8] = []

    /// A value has just ended here, so what follows on the same level needs a comma.
    private var followsValue = false

    /// - Parameter capacity: the bytes to reserve, for a writer that knows its size about.
    package init(capacity: Int = 0) {
        bytes.reserveCapacity(capacity)
    }

    /// The bytes of the one value that `write` writes.
    package static func bytes(_ write: (inout JSONWriter) -> Void) -> [UInt8] {
        var writer = JSONWriter()
        write(&writer)
        return writer.bytes
    }
}

// MARK: Objects and arrays

extension JSONWriter {
    /// An object. `members` alternates `key` and a value, or uses `member`.
    package mutating func object<Failure>(
        _ members: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open("{")
        try members(&self)
        close("}")
    }

    /// An array. `elements` writes any number of values.
    package mutating func array<Failure>(
        _ elements: (inout JSONWriter) throws(Failure) -> Void
    ) throws(Failure) {
        open("[")
        try elements(&self)
        close("]")
    }

    /// The name of an object's next member; its value is what is written next.
    package mutating func key(_ name: some StringProtocol) {
        beginValue()
        appendQuoted(name.utf8)
        bytes.append(UInt8(ascii: ":"))
    }

    package mutating func member(_ name: some StringProtocol, _ value: some StringProtocol) {
        key(name)
        string(value)
    }

    package mutating func member(_ name: some StringProtocol, _ value: some BinaryInteger) {
        key(name)
        integer(value)
    }

    package mutating func member(_ name: some StringProtocol, _ value: Bool) {
        key(name)
        boolean(value)
    }
}

// MARK: Values

extension JSONWriter {
    package mutating func string(_ value: some StringProtocol) {
        string(utf8: value.utf8)
    }

    /// A string given as bytes, which the caller knows to be UTF-8: they leave as they are, apart from escapes.
    package mutating func string(utf8: some Sequence<UInt8>) {
        beginValue()
        appendQuoted(utf8)
        followsValue = true
    }

    package mutating func integer(_ value: some BinaryInteger) {
        json(String(value).utf8)
    }

    package mutating func boolean(_ value: Bool) {
        json((value ? "true" : "false").utf8)
    }

    package mutating func null() {
        json("null".utf8)
    }

    /// A value that is JSON already (a stored payload, a row that SQLite wrote). It is not checked.
    package mutating func json(_ value: some Sequence<UInt8>) {
        beginValue()
        bytes.append(contentsOf: value)
        followsValue = true
    }
}

// MARK: Punctuation and escapes

extension JSONWriter {
    private mutating func open(_ bracket: Unicode.Scalar) {
        beginValue()
        bytes.append(UInt8(ascii: bracket))
    }

    private mutating func close(_ bracket: Unicode.Scalar) {
        bytes.append(UInt8(ascii: bracket))
        followsValue = true
    }

    private mutating func beginValue() {
        if followsValue { bytes.append(UInt8(ascii: ",")) }
        followsValue = false
    }

    private mutating func appendQuoted(_ utf8: some Sequence<UInt8>) {
        bytes.append(UInt8(ascii: "\""))
        for byte in utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): appendEscape(byte)
            case 0x08: appendEscape(UInt8(ascii: "b"))
            case 0x09: appendEscape(UInt8(ascii: "t"))
            case 0x0A: appendEscape(UInt8(ascii: "n"))
            case 0x0C: appendEscape(UInt8(ascii: "f"))
            case 0x0D: appendEscape(UInt8(ascii: "r"))
            case 0x00..<0x20:
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(UInt8(ascii: byte < 0x10 ? "0" : "1"))
                bytes.append(Self.hexadecimal[Int(byte & 0x0F)])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private mutating func appendEscape(_ letter: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        bytes.append(letter)
    }

    private static let hexadecimal = Array("0123456789abcdef".utf8)
}
