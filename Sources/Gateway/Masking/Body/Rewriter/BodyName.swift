/// A name of a service that must not be seen in a body: a host, an address, or the path of a socket.
struct BodyName: Sendable, Equatable {
    enum Kind: Sendable { case host, address, path }

    /// In lower case; an international name in UTF-8.
    let bytes: [UInt8]
    let kind: Kind
    /// The ports that the service has under this name.
    let ports: [UInt16]
    /// The name alone tells nothing, for every host has it (`localhost`): it is the service's with its port alone.
    let needsPort: Bool
    /// An IPv6 address, in brackets or without.
    let isVersion6: Bool
    /// Where the two bytes stand that the text is searched for.
    let anchor: Int

    /// Longer ones are no host names, and no paths of sockets.
    static let longest = 255

    /// Nil for a name that cannot be searched for: of one byte, or longer than a name can be.
    init?(_ name: [UInt8], kind: Kind, ports: [UInt16] = [], needsPort: Bool = false) {
        guard name.count >= 2, name.count <= Self.longest else { return nil }
        bytes = kind == .path ? name : name.map { $0 >= 65 && $0 <= 90 ? $0 | 32 : $0 }
        self.kind = kind
        self.ports = ports
        self.needsPort = needsPort
        isVersion6 = kind == .address && name.contains(Ascii.colon)
        anchor = Self.anchor(of: bytes)
    }

    /// The pair of neighbours that is rarest in texts. Letters and digits before all others: a separator is escaped in
    /// more ways, and a byte of UTF-8 is not the same in all spellings.
    private static func anchor(of bytes: [UInt8]) -> Int {
        var best = 0
        var least = Int.max
        for index in 0..<bytes.count - 1 {
            let weight = weight(bytes[index]) * weight(bytes[index + 1])
            if weight < least {
                least = weight
                best = index
            }
        }
        return best
    }

    /// How often a byte is met in JSON and HTML, roughly, in a thousand.
    private static func weight(_ byte: UInt8) -> Int {
        switch byte {
        case 97...122: letters[Int(byte) - 97]
        case 48...57: byte == 48 || byte == 49 ? 40 : 25
        case UInt8(ascii: "-"): 60
        case 128...: 1000
        default: 2000
        }
    }

    private static let letters = [
        70, 14, 28, 36, 108, 20, 19, 40, 62, 4, 9, 38, 25, 60, 62, 22, 3, 56, 60, 80, 26, 11, 18, 6, 18, 4,
    ]
}
