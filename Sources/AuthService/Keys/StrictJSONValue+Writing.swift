import Shared

extension JSONWriter {
    /// A value that was read, as it was.
    mutating func value(_ value: StrictJSONValue) {
        switch value {
        case .null: null()
        case .bool(let bool): boolean(bool)
        case .integer(let integer): self.integer(integer)
        case .number(let number): json("\(number)".utf8)
        case .string(let string): self.string(string)
        case .array(let items):
            array { writer in
                for item in items { writer.value(item) }
            }
        case .object(let object): self.object(object)
        }
    }

    /// An object that was read; a member that `changes` names has its value, and is added where it is not there.
    mutating func object(_ object: StrictJSONObject, changing changes: [(name: String, value: StrictJSONValue)] = []) {
        self.object { writer in
            for (name, value) in object.members where !changes.contains(where: { $0.name == name }) {
                writer.key(name)
                writer.value(value)
            }
            for (name, value) in changes {
                writer.key(name)
                writer.value(value)
            }
        }
    }
}
