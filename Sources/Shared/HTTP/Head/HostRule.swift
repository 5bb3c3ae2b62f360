/// Host (RFC 9110 section 7.2): uri-host and an optional port, nothing that could be read as more.
enum HostRule {
    static func isValid(_ bytes: RawSpan, _ range: Range<Int>) -> Bool {
        guard !range.isEmpty, range.count <= 259 else { return false }
        var index = range.lowerBound
        if Bytes.at(bytes, index) == 91 {  // [
            index += 1
            while index < range.upperBound, isAddressByte(Bytes.at(bytes, index)) { index += 1 }
            guard index > range.lowerBound + 2, index < range.upperBound, Bytes.at(bytes, index) == 93 else {
                return false
            }
            index += 1
        } else {
            while index < range.upperBound, isNameByte(Bytes.at(bytes, index)) { index += 1 }
            guard index > range.lowerBound else { return false }
        }
        guard index < range.upperBound else { return true }
        guard Bytes.at(bytes, index) == Bytes.colon, range.upperBound - index <= 6 else { return false }
        index += 1
        while index < range.upperBound {
            let digit = Bytes.at(bytes, index)
            guard digit >= 48, digit <= 57 else { return false }
            index += 1
        }
        return true
    }

    private static func isAddressByte(_ byte: UInt8) -> Bool {
        let lower = Bytes.lowercased(byte)
        return (byte >= 48 && byte <= 58) || (lower >= 97 && lower <= 102) || byte == 46
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        // Letters, digits, `-._~`, as two sets of 64 bits: bytes 0 to 63, and 64 to 127.
        let (low, high): (UInt64, UInt64) = (0x03FF_6000_0000_0000, 0x47FF_FFFE_87FF_FFFE)
        return byte < 128 && ((byte < 64 ? low : high) &>> UInt64(byte & 63)) & 1 != 0
    }
}
