/// The rule that holds Postern's parser against llhttp: what llhttp refuses we refuse, and what we accept we read as
/// it does: method, target, version, fields in their order, content, and where each message ends. Refusing more than
/// llhttp does is always allowed here; that we do not refuse too much is for the corpus of accepted requests to show.
package enum Agreement: Sendable, Equatable {
    case agree
    /// Our parser waits where llhttp has refused already. Ask again with an end appended: waiting is no answer then.
    case undecided
    case disagree(String)

    package init(own: Reading, reference: Reading) {
        for (index, message) in own.messages.enumerated() {
            guard index < reference.messages.count else {
                if index > 0 && reference.messages[index - 1].endsConnection && !reference.isRefused {
                    // llhttp has handed the connection over (an upgrade) and looks at nothing more.
                    self = .agree
                } else if case .refused(let why) = reference.ending {
                    self = .disagree("message \(index) is accepted, llhttp refuses it: \(why)")
                } else {
                    self = .disagree("message \(index) is accepted, llhttp does not see it")
                }
                return
            }
            if let difference = Self.difference(own: message, reference: reference.messages[index]) {
                self = .disagree("message \(index): \(difference)")
                return
            }
            if message.isComplete && !reference.messages[index].isComplete {
                self = .disagree("message \(index) ends for us, llhttp goes on or refuses: \(reference.ending)")
                return
            }
            if !message.isComplete && reference.messages[index].isComplete && !own.isRefused {
                self = .disagree("message \(index) ends for llhttp, we wait")
                return
            }
        }
        self = Self.ending(own: own, reference: reference)
    }

    private static func ending(own: Reading, reference: Reading) -> Agreement {
        switch own.ending {
        case .refused:
            return .agree
        case .closed:
            return own.messages.last?.endsConnection == true
                ? .agree : .disagree("the connection is closed after a message that does not ask for it")
        case .complete, .incomplete:
            if reference.isRefused {
                return own.ending == .incomplete
                    ? .undecided : .disagree("accepted, llhttp refuses: \(reference.ending)")
            }
            // llhttp stops at an upgrade; what we go on to wait for after one is not for it to judge.
            if own.messages.last?.endsConnection == true && own.messages.last?.isComplete == true { return .agree }
            guard own.messages.map(\.isComplete) == reference.messages.map(\.isComplete) else {
                return .disagree("\(own.messages.count) messages seen, by llhttp \(reference.messages.count)")
            }
            return .agree
        }
    }

    private static func difference(own: Reading.Message, reference: Reading.Message) -> String? {
        if repaired(own.method) != reference.method { return "the method differs" }
        if repaired(own.target) != reference.target { return "the target differs" }
        if own.version != reference.version { return "the version differs" }
        let fields = own.fields.map { Reading.Field(name: repaired($0.name), value: repaired($0.value)) }
        if fields != reference.fields { return "the fields differ" }
        if own.isComplete ? own.body != reference.body : !reference.body.starts(with: own.body) {
            return "the content differs"
        }
        return nil
    }

    /// As SwiftNIO hands out text: what is not UTF-8 is replaced.
    private static func repaired(_ bytes: [UInt8]) -> [UInt8] {
        Array(String(decoding: bytes, as: UTF8.self).utf8)
    }
}
