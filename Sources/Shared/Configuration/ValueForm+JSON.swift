import Yams

extension ValueForm where Value == [UInt8] {
    /// Any value of YAML as JSON, its keys in their order. Plain scalars are what JSON takes them for (`null`, `true`,
    /// numbers as they are written), all others text: none of YAML 1.1's further words and numbers.
    package static var json: ValueForm {
        ValueForm { node in
            var writer = JSONWriter()
            return write(node.node, to: &writer, of: node) ? writer.bytes : nil
        }
    }

    private static func write(_ value: Node, to writer: inout JSONWriter, of node: ConfigurationNode) -> Bool {
        switch value {
        case .scalar(let scalar):
            write(scalar, to: &writer)
            return true
        case .sequence(let items):
            var isWhole = true
            writer.array { list in for item in items { isWhole = write(item, to: &list, of: node) && isWhole } }
            return isWhole
        case .mapping(let members):
            var isWhole = true
            writer.object { object in
                for (key, item) in members {
                    guard let name = key.scalar?.string else {
                        node.report("`\(node.name)`: a key of JSON is text")
                        isWhole = false
                        continue
                    }
                    object.key(name)
                    isWhole = write(item, to: &object, of: node) && isWhole
                }
            }
            return isWhole
        case .alias:
            node.report("`\(node.name)`: an alias is not read")
            return false
        }
    }

    private static func write(_ scalar: Node.Scalar, to writer: inout JSONWriter) {
        let text = scalar.string
        guard scalar.style == .plain || scalar.style == .any else { return writer.string(text) }
        if ["", "~", "null"].contains(text) { return writer.null() }
        if text == "true" || text == "false" { return writer.boolean(text == "true") }
        // What is a JSON number is one to the last digit.
        if text.wholeMatch(of: /-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?/) != nil {
            return writer.json(text.utf8)
        }
        writer.string(text)
    }
}
