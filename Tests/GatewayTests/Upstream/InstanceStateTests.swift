import Testing

@testable import Gateway

@Suite("What all loops know of an instance")
struct InstanceStateTests {
    private let one = InstanceAddress.unix(path: "/a")
    private let other = InstanceAddress.unix(path: "/b")

    @Test("what is under way and what was begun are counted apart, from many threads too")
    func load() async {
        let state = InstanceState()
        await withTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    for _ in 0..<10_000 { state.begin() }
                    for _ in 0..<9_999 { state.end() }
                }
            }
        }
        #expect(state.inFlight == 4)
        #expect(state.requests == 40_000)
    }

    @Test("one that is down or draining is not open; the one does not hide the other")
    func open() {
        var state = InstanceState()
        #expect(state.isOpen && state.isUp && !state.isDraining)
        state.isDraining = true
        state.isUp = false
        #expect(!state.isOpen)
        state.isUp = true
        #expect(!state.isOpen && state.isDraining)
        state.isDraining = false
        #expect(state.isOpen)
        state = InstanceState(isUp: false)
        #expect(!state.isOpen && state.isJoining)
        state.isUp = true
        #expect(state.isOpen && !state.isJoining)
        state.isUp = false
        #expect(!state.isOpen && !state.isJoining)
    }

    @Test("a state lasts for as long as its address is in a snapshot, and no longer")
    func kept() throws {
        let states = InstanceStates()
        let first = try #require(states.keep([one, other, one])[one])
        first.begin()
        #expect(states.keep([one])[one] === first)
        #expect(states[other] == nil)
        _ = states.keep([other])
        let again = try #require(states.keep([one])[one])
        #expect(again !== first && again.inFlight == 0)
    }

    @Test("new instances that join by a check are down until then; those that are known stay as they are")
    func joining() {
        let states = InstanceStates()
        #expect(states.keep([one], joining: [one])[one]?.isUp == true)
        #expect(states[one]?.joinedAt == 0)
        let kept = states.keep([one, other], joining: [one, other])
        #expect(kept[one]?.isUp == true)
        #expect(kept[other]?.isUp == false)
        #expect((kept[other]?.joinedAt ?? 0) > 0)
    }
}
