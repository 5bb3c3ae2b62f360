/// What a value has to look like, and what it becomes. Who needs a form of their own makes one with
/// ``text(expected:mend:_:)`` or ``init(_:)``.
package struct ValueForm<Value> {
    /// Reads the value; nil after a problem was reported.
    let read: (ConfigurationNode) -> Value?

    /// `read` returns nil only after it reported why on the node.
    package init(_ read: @escaping (ConfigurationNode) -> Value?) { self.read = read }

    /// One text that `parse` reads. Where it returns nil the problem is that `expected` (for example `a duration`)
    /// was to be written, and `mend` says how.
    package static func text(
        expected: String, mend: String? = nil, _ parse: @escaping (String) -> Value?
    ) -> ValueForm {
        ValueForm { node in
            if !node.isEmpty, let text = node.text, let value = parse(text) { return value }
            node.reportMismatch(expected: expected, mend: mend)
            return nil
        }
    }

    /// What this form reads, changed into another type.
    package func map<Other>(_ change: @escaping (Value) -> Other) -> ValueForm<Other> {
        ValueForm<Other> { [read] node in read(node).map(change) }
    }
}

extension ValueForm where Value == String {
    /// A text as it was written; `""` is a text too.
    package static var string: ValueForm { text(expected: "text") { $0 } }

    /// A text of one character at least.
    package static var nonEmptyString: ValueForm {
        text(expected: "text of one character at least") { $0.isEmpty ? nil : $0 }
    }
}

extension ValueForm where Value == Int {
    /// A whole number in decimal digits. `010` is refused: YAML 1.1 reads it as 8.
    package static func integer(in range: ClosedRange<Int>) -> ValueForm {
        let expected =
            range.upperBound == .max
            ? "a whole number from \(range.lowerBound) up"
            : "a whole number from \(range.lowerBound) to \(range.upperBound)"
        return text(expected: expected) { text in
            guard let number = Int(text), String(number) == text, range.contains(number) else { return nil }
            return number
        }
    }

    /// A number of bytes with a unit or without: `65536`, `64KiB`, `1MiB`, `1GiB`, `1kB`, `1MB`, `1GB`.
    package static func byteSize(in range: ClosedRange<Int>) -> ValueForm {
        let bounds =
            range.upperBound == .max
            ? "from \(ByteSizeText.format(range.lowerBound)) up"
            : "from \(ByteSizeText.format(range.lowerBound)) to \(ByteSizeText.format(range.upperBound))"
        return text(
            expected: "a size \(bounds)",
            mend: "Write a whole number and a unit: 64KiB, 1MiB, 1MB, or bytes without a unit."
        ) { text in
            ByteSizeText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueForm where Value == Bool {
    /// `true` or `false`, and none of YAML 1.1's other words for them.
    package static var bool: ValueForm {
        text(expected: "true or false") { $0 == "true" ? true : $0 == "false" ? false : nil }
    }
}

extension ValueForm where Value == Duration {
    /// A length of time with its unit: `500ms`, `10s`, `1m`, `1h`, `2d`.
    package static func duration(in range: ClosedRange<Duration>) -> ValueForm {
        let (low, high) = (DurationText.format(range.lowerBound), DurationText.format(range.upperBound))
        return text(
            expected: "a duration from \(low) to \(high)",
            mend: "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."
        ) { text in
            DurationText.parse(text).flatMap { range.contains($0) ? $0 : nil }
        }
    }
}

extension ValueForm where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    /// One of the words that are `Value`'s raw values.
    package static var word: ValueForm {
        let words = Value.allCases.map(\.rawValue)
        return ValueForm { node in
            if !node.isEmpty, let text = node.text {
                if let value = Value(rawValue: text) { return value }
                let nearest = NearestName.of(text, among: words).map { "Did you mean `\($0)`?" }
                node.reportMismatch(expected: "one of: \(words.joined(separator: ", "))", mend: nearest)
                return nil
            }
            node.reportMismatch(expected: "one of: \(words.joined(separator: ", "))")
            return nil
        }
    }
}
