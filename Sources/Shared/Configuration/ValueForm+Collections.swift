import Yams

extension ValueForm {
    /// A list, each item in the form `form`; a single value that is no list stands for a list of it. Each bad item
    /// is a problem of its own.
    /// - Parameter keepingGood: whether the items that are good are read where others are not, for what is wrong with
    ///   those only their files can say.
    package static func list<Item>(
        of form: ValueForm<Item>, minimum: Int = 1, keepingGood: Bool = false
    ) -> ValueForm where Value == [Item] {
        ValueForm { node in
            guard case .sequence(let nodes) = node.node else { return form.read(node).map { [$0] } }
            guard nodes.count >= minimum else {
                node.report(
                    "`\(node.name)` has too few items (\(nodes.count))",
                    mend: "Write \(minimum) at least, or take the key out.")
                return nil
            }
            let items = nodes.map { form.read(node.item($0)) }
            let good = items.compactMap { $0 }
            return keepingGood || good.count == items.count ? good : nil
        }
    }

    /// A mapping whose keys are free (names, header fields), each value in the form `form`, in the file's order.
    package static func mapping<Item>(
        of form: ValueForm<Item>
    ) -> ValueForm where Value == [(key: String, value: Item)] {
        ValueForm { node in
            guard let reader = ValueForm<ConfigurationReader>.mapping.read(node) else { return nil }
            let items = reader.keys.map { key in (key, reader.optional(key, form)) }
            var good: [(key: String, value: Item)] = []
            for case (let key, let value?) in items { good.append((key, value)) }
            return good.count == items.count ? good : nil
        }
    }
}

extension ValueForm where Value == ConfigurationReader {
    /// A mapping of known keys, which the reader of the mapping above finishes with itself.
    package static var mapping: ValueForm {
        ValueForm { node in
            guard case .mapping(let mapping) = node.node else {
                node.reportMismatch(expected: "a mapping", mend: "Write `key: value` lines, indented, below it.")
                return nil
            }
            let reader = ConfigurationReader(
                mapping, name: node.name, place: node.place, problems: node.problems)
            node.reader?.adopt(reader)
            return reader
        }
    }
}

extension ValueForm where Value == ConfigurationNode {
    /// The value as it stands, whatever it is.
    package static var node: ValueForm { ValueForm { $0 } }
}
