/// Ends the process, which libFuzzer takes for a find: it keeps the input and says where.
///
/// - Parameter property: what should hold and does not, in words, with what was found instead.
func broken(_ property: String) -> Never {
    fatalError("broken: \(property)")
}

func require(_ holds: Bool, _ property: @autoclosure () -> String) {
    if !holds { broken(property()) }
}

/// Bytes as a person can read them in a message.
func shown(_ bytes: some Collection<UInt8>) -> String {
    var text = ""
    for byte in bytes {
        switch byte {
        case 0x0D: text += "\\r"
        case 0x0A: text += "\\n"
        case 0x5C: text += "\\\\"
        case 0x20...0x7E: text.unicodeScalars.append(Unicode.Scalar(byte))
        default: text += "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }
    }
    return "\"\(text)\""
}
