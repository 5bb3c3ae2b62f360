import Shared

/// Which fields a configuration may set or take out. What frames a message, concerns one connection or says who asks is
/// the gateway's own: a configuration that could write it could undo what the gateway promises.
enum FieldNameRule {
    struct Refusal {
        let message: String
        let mend: String
    }

    /// Why `name` cannot be used; nil where it can.
    static func refusal(of name: String, _ direction: FieldsConfiguration.Direction, isSet: Bool) -> Refusal? {
        guard let field = FieldName(named: name) else {
            return Refusal(
                message: "\(LogText.quoted(name, limit: 60)) is no name of a field",
                mend: "Use letters, digits and hyphens.")
        }
        if field.isHopByHop || field == .expect {
            return Refusal(
                message: "\(name) belongs to the connection or to the framing of a message",
                mend: "Take it out: every message gets its own.")
        }
        if field.isReserved, field != .underscored {
            return Refusal(
                message: "\(name) is the gateway's own: it says who asks, and by which way",
                mend: "Take it out; a client's own is dropped anyway.")
        }
        switch (field, direction) {
        case (.host, .request):
            return Refusal(
                message: "Host is the client's, or for a service with `url` the name in it", mend: "Take it out.")
        case (.date, .response):
            return Refusal(message: "every answer has a Date (RFC 9110 section 6.6.1)", mend: "Take it out.")
        case (.host, .response):
            return Refusal(message: "Host is no field of an answer", mend: "Take it out.")
        default:
            return nil
        }
    }
}
