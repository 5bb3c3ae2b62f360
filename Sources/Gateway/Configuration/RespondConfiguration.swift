import Shared

/// `respond:` of a route file: a fixed answer.
///
/// - `status`: 200 to 599 (200).
/// - `body`: its text, or `json`: its value; nothing without either.
/// - `content_type`: of the body; `text/plain; charset=utf-8`, and for `json` `application/json; charset=utf-8`.
/// - `headers`: further fields.
enum RespondConfiguration {
    static func read(_ node: ConfigurationNode) -> FixedAnswer? {
        guard let reader = node.read(as: ValueForm<ConfigurationReader>.mapping) else { return nil }
        let status = reader.value("status", .integer(in: 200...599), default: 200)
        let text = reader.optional("body", .string)
        let json = reader.optional("json", .json)
        let type = reader.optional("content_type", .fieldValue)
        let headers = reader.optional("headers", .mapping(of: .fieldValue)) ?? []
        if text != nil && json != nil {
            reader.report("json", "`respond` has a `body` and a `json`", mend: "Keep one of the two.")
        }
        let body = json ?? text.map { Array($0.utf8) } ?? []
        if !body.isEmpty && (status == 204 || status == 304) {
            reader.report("status", "an answer \(status) has no body", mend: "Take the body out, or write 200.")
        }
        let standard = json == nil ? "text/plain; charset=utf-8" : "application/json; charset=utf-8"
        let typeField = body.isEmpty ? [] : Array("Content-Type: \(type ?? standard)\r\n".utf8)
        var fields: [UInt8] = []
        for (name, value) in headers where isUsable(name, reader) {
            fields += Array("\(name): \(value)\r\n".utf8)
        }
        return FixedAnswer(status: status, typeField: typeField, fields: fields, body: body)
    }

    private static func isUsable(_ name: String, _ reader: ConfigurationReader) -> Bool {
        let known = FieldName(named: name)
        if known == .contentType || known == .etag {
            reader.report(
                "headers", "`\(name)` is the gateway's to say",
                mend: known == .etag ? "Take it out." : "Write it as `content_type`.")
            return false
        }
        guard let refusal = FieldNameRule.refusal(of: name, .response, isSet: true) else { return true }
        reader.report("headers", refusal.message, mend: refusal.mend)
        return false
    }
}

/// Bytes of fields as configuration may have them (RFC 9110 section 5).
enum FieldText {
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case 48...57, 65...90, 97...122: true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }

    static func isValue(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 32 && $0 != 127 }
    }
}

extension ValueForm where Value == String {
    /// What may stand behind a field's name: no control character.
    static var fieldValue: ValueForm {
        text(expected: "text of one line", mend: "Take control characters and line breaks out.") { text in
            let isTrimmed = text.first != " " && text.last != " "
            return !text.isEmpty && isTrimmed && FieldText.isValue(text) ? text : nil
        }
    }
}
