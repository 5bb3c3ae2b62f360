import Differential
import Testing

/// The rule itself: it must see what it is there to see.
@Suite("the rule of agreement")
struct AgreementTests {
    private let get = Reading.Message(
        method: Array("GET".utf8), target: Array("/".utf8), version: "1.1",
        fields: [.init(name: Array("Host".utf8), value: Array("a".utf8))])

    private func accepted(_ messages: Reading.Message...) -> Reading { Reading(messages: messages, ending: .complete) }

    @Test("the same reading agrees")
    func same() {
        #expect(Agreement(own: accepted(get), reference: accepted(get)) == .agree)
    }

    @Test("refusing what llhttp accepts agrees")
    func stricter() {
        #expect(Agreement(own: Reading(messages: [], ending: .refused("400")), reference: accepted(get)) == .agree)
    }

    @Test("accepting what llhttp refuses disagrees")
    func laxer() {
        let refused = Reading(messages: [], ending: .refused("invalid"))
        #expect(Agreement(own: accepted(get), reference: refused) != .agree)
        let later = Reading(messages: [get], ending: .refused("invalid"))
        #expect(Agreement(own: accepted(get), reference: later) != .agree)
    }

    @Test("waiting where llhttp has refused is undecided")
    func waiting() {
        let refused = Reading(messages: [], ending: .refused("invalid"))
        #expect(Agreement(own: Reading(messages: [], ending: .incomplete), reference: refused) == .undecided)
    }

    @Test("a different method, target, version, field, order or content disagrees")
    func differences() {
        let changes: [(inout Reading.Message) -> Void] = [
            { $0.method = Array("PUT".utf8) },
            { $0.target = Array("/x".utf8) },
            { $0.version = "1.0" },
            { $0.fields[0].name = Array("host".utf8) },
            { $0.fields[0].value = Array("b".utf8) },
            { $0.fields = [] },
            { $0.body = [1] },
            { $0.isComplete = false },
        ]
        for change in changes {
            var other = get
            change(&other)
            #expect(Agreement(own: accepted(other), reference: accepted(get)) != .agree)
            #expect(Agreement(own: accepted(get), reference: accepted(other)) != .agree)
        }
    }

    @Test("seeing fewer or more messages than llhttp disagrees")
    func counts() {
        #expect(Agreement(own: accepted(get), reference: accepted(get, get)) != .agree)
        #expect(Agreement(own: accepted(get, get), reference: accepted(get)) != .agree)
    }

    @Test("a connection is closed early only after a message that ends it")
    func closing() {
        let closed = Reading(messages: [get], ending: .closed)
        #expect(Agreement(own: closed, reference: accepted(get, get)) != .agree)
        var last = get
        last.fields.append(.init(name: Array("connection".utf8), value: Array("Close".utf8)))
        #expect(Agreement(own: Reading(messages: [last], ending: .closed), reference: accepted(last)) == .agree)
    }
}
