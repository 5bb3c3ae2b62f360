/// Names in other letters: what an A-label stands for (RFC 3492), for people and pages write that too.
enum Punycode {
    /// The name in Unicode; nil where no label of it is an A-label, or one is none.
    static func unicode(of host: String) -> String? {
        guard host.contains("xn--") else { return nil }
        var labels: [String] = []
        for label in host.split(separator: ".", omittingEmptySubsequences: false) {
            guard label.hasPrefix("xn--") else {
                labels.append(String(label))
                continue
            }
            guard let decoded = decode(label.dropFirst(4).utf8.map { $0 }) else { return nil }
            labels.append(decoded)
        }
        return labels.joined(separator: ".")
    }

    /// RFC 3492 section 6.2, with the parameters of section 5.
    private static func decode(_ text: [UInt8]) -> String? {
        let delimiter = text.lastIndex(of: UInt8(ascii: "-"))
        var output = text[..<(delimiter ?? 0)].map { UInt32($0) }
        var rest = text[(delimiter.map { $0 + 1 } ?? 0)...]
        var (code, index, bias) = (UInt32(128), 0, 72)
        while !rest.isEmpty {
            let before = index
            var (weight, step) = (1, 36)
            while true {
                guard let byte = rest.popFirst(), let digit = digit(byte) else { return nil }
                index += digit * weight
                let threshold = min(max(step - bias, 1), 26)
                if digit < threshold { break }
                weight *= 36 - threshold
                step += 36
                guard weight < 1 << 40, index < 1 << 40 else { return nil }
            }
            let count = output.count + 1
            bias = adapted(index - before, count, isFirst: before == 0)
            guard let sum = UInt32(exactly: index / count), code <= 0x10FFFF - min(sum, 0x10FFFF) else { return nil }
            code += sum
            index %= count
            output.insert(code, at: index)
            index += 1
        }
        var scalars = String.UnicodeScalarView()
        for value in output {
            guard let scalar = Unicode.Scalar(value) else { return nil }
            scalars.append(scalar)
        }
        return String(scalars)
    }

    private static func digit(_ byte: UInt8) -> Int? {
        switch byte {
        case 97...122: Int(byte) - 97
        case 65...90: Int(byte) - 65
        case 48...57: Int(byte) - 22
        default: nil
        }
    }

    private static func adapted(_ delta: Int, _ count: Int, isFirst: Bool) -> Int {
        var delta = isFirst ? delta / 700 : delta / 2
        delta += delta / count
        var step = 0
        while delta > 455 {
            delta /= 35
            step += 36
        }
        return step + 36 * delta / (delta + 38)
    }
}
