import Shared

/// What a claim of a token has to be.
indirect enum ClaimRequirement: Sendable {
    typealias Member = (name: String, requirement: ClaimRequirement)

    /// One of these values (texts, numbers, `true`, `false`), or a list that has one of them.
    case any([StrictJSONValue])
    /// An object whose members are each as they have to be.
    case members([Member])

    /// - Parameter value: nil where the token has no such claim.
    func isMet(by value: StrictJSONValue?) -> Bool {
        switch (self, value) {
        case (.any(let wanted), .array(let items)?):
            items.contains { item in wanted.contains { Self.isSame($0, item) } }
        case (.any(let wanted), let value?): wanted.contains { Self.isSame($0, value) }
        case (.members(let members), .object(let object)?): Self.areMet(members, by: object)
        default: false
        }
    }

    static func areMet(_ members: [Member], by object: StrictJSONObject) -> Bool {
        members.allSatisfy { $0.requirement.isMet(by: object[$0.name]) }
    }

    /// Texts are compared by their code points, never by what Unicode takes for the same; a text is no number.
    private static func isSame(_ one: StrictJSONValue, _ other: StrictJSONValue) -> Bool {
        switch (one, other) {
        case (.string(let one), .string(let other)): one.hasSameCodePoints(as: other)
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.integer(let whole), .number(let number)), (.number(let number), .integer(let whole)):
            Int64(exactly: number) == whole
        default: false
        }
    }
}

extension ClaimRequirement {
    /// As JSON, for people and for telling one from another: a value, a list of several, or an object.
    func write(to writer: inout JSONWriter) {
        switch self {
        case .any(let values) where values.count == 1: Self.write(values[0], to: &writer)
        case .any(let values): writer.array { list in for value in values { Self.write(value, to: &list) } }
        case .members(let members): Self.write(members, to: &writer)
        }
    }

    static func write(_ members: [Member], to writer: inout JSONWriter) {
        writer.object { object in
            for member in members {
                object.key(member.name)
                member.requirement.write(to: &object)
            }
        }
    }

    private static func write(_ value: StrictJSONValue, to writer: inout JSONWriter) {
        switch value {
        case .string(let text): writer.string(text)
        case .bool(let flag): writer.boolean(flag)
        case .integer(let number): writer.json("\(number)".utf8)
        case .number(let number): writer.json("\(number)".utf8)
        default: writer.null()
        }
    }
}
