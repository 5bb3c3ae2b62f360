/// What scripted services say.
enum Answer {
    static func whole(_ status: String, _ body: String, _ fields: [String] = []) -> String {
        (["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)", "", ""]).joined(separator: "\r\n")
            + body
    }

    static func ok(_ body: String, _ fields: [String] = []) -> String {
        whole("200 OK", body, ["Content-Type: text/plain"] + fields)
    }

    /// The auth service's word for a good token.
    static func verdict(user: String, age: Int = 60) -> String {
        whole("200 OK", "", ["Postern-User: \(user)", "Postern-Claims: e30", "Cache-Control: private, max-age=\(age)"])
    }
}
