import Synchronization
import Testing

@testable import Shared

@Suite("Handlers that answer from a task")
struct ServiceHandlerTests {
    private static func json(_ text: String) -> ServiceResponse { .json(Array(text.utf8)) }

    /// Holds a handler until it is let go.
    private final class Gate: Sendable {
        private let state = Mutex<(isOpen: Bool, waiting: [CheckedContinuation<Void, Never>])>((false, []))
        let calls = Atomic(0)

        func wait() async {
            calls.add(1, ordering: .relaxed)
            await withCheckedContinuation { continuation in
                let isOpen = state.withLock { state in
                    if !state.isOpen { state.waiting.append(continuation) }
                    return state.isOpen
                }
                if isOpen { continuation.resume() }
            }
        }

        func open() {
            let waiting = state.withLock { state in
                state.isOpen = true
                return state.waiting
            }
            for continuation in waiting { continuation.resume() }
        }
    }

    @Test("the loop serves others while a task is at work")
    func concurrent() async throws {
        let gate = Gate()
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/slow",
                .concurrent { _ in
                    await gate.wait()
                    return Self.json("slow")
                })
        ])
        #expect(service.ask(ask("/slow")) == "")
        let (descriptor, other) = try Transport.unix.pair()
        _ = try service.context.open(descriptor: descriptor)
        other.send(ask("/none"))
        service.loop.settle()
        #expect(other.receiveText().status == 404)
        gate.open()
        let text = try await service.hear()
        #expect(text.content == "slow")
        #expect(text.value("ETag") == "\(EntityTag(Array("slow".utf8)))")
    }

    @Test("an answer that is at hand is given at once, and no task is asked")
    func kept() throws {
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/[id]",
                .kept(
                    attempt: { request in request.parameters.first("id") == "1" ? Self.json("kept") : nil },
                    otherwise: { _ in Self.json("read") }))
        ])
        // Served within turns that wait for nothing: no task had a say.
        #expect(service.ask(ask("/1")).content == "kept")

    }

    @Test("one that is not at hand is answered from a task, after one attempt")
    func otherwise() async throws {
        let attempts = Counter()
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/",
                .kept(
                    attempt: { _ in
                        attempts.count.add(1, ordering: .relaxed)
                        return nil
                    }, otherwise: { request in Self.json("read \(request.query.first("q") ?? "")") }))
        ])
        service.client.send(ask("/?q=x"))
        #expect(try await service.hear().content == "read x")
        #expect(attempts.count.load(ordering: .relaxed) == 1)
        let tag = EntityTag(Array("read x".utf8))
        service.client.send(ask("/?q=x", "If-None-Match: \(tag)"))
        #expect(try await service.hear().status == 304)
    }

    @Test("a client that left while a task was at work is not answered, and harms no other")
    func clientLeft() async throws {
        let gate = Gate()
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/slow",
                .concurrent { _ in
                    await gate.wait()
                    return Self.json("slow")
                }), ServiceEndpoint(.get, "/", .immediate { _ in Self.json("here") }),
        ])
        service.client.send(ask("/slow"))
        let isAtWork = await service.turn { gate.calls.load(ordering: .relaxed) == 1 }
        #expect(isAtWork)
        service.client.close()
        let isGone = await service.turn { service.context.connections.isEmpty }
        #expect(isGone)
        gate.open()
        let (descriptor, other) = try Transport.unix.pair()
        _ = try service.context.open(descriptor: descriptor)
        other.send(ask("/"))
        service.loop.settle()
        #expect(other.receiveText().content == "here")
    }

    @Test("the task of a client that left is cancelled")
    func cancelled() async throws {
        let begun = Counter()
        let ended = Counter()
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/slow",
                .concurrent { _ in
                    begun.count.store(1, ordering: .relaxed)
                    // As long as it takes to be told.
                    while !Task.isCancelled { await Task.yield() }
                    ended.count.store(1, ordering: .relaxed)
                    return Self.json("slow")
                })
        ])
        service.client.send(ask("/slow"))
        let isAtWork = await service.turn { begun.count.load(ordering: .relaxed) == 1 }
        #expect(isAtWork)
        service.client.close()
        let hasEnded = await service.turn { ended.count.load(ordering: .relaxed) == 1 }
        #expect(hasEnded)
    }

    @Test("pipelined requests wait for the task before them")
    func order() async throws {
        let gate = Gate()
        let service = try ServiceUnderTest([
            ServiceEndpoint(
                .get, "/slow",
                .concurrent { _ in
                    await gate.wait()
                    return Self.json("slow")
                }), ServiceEndpoint(.get, "/", .immediate { _ in Self.json("fast") }),
        ])
        #expect(service.ask(ask("/slow") + ask("/")) == "")
        gate.open()
        let text = try await service.hear { $0.contains("fast") }
        let slow = try #require(text.firstRange(of: "slow"))
        let fast = try #require(text.firstRange(of: "fast"))
        #expect(slow.lowerBound < fast.lowerBound)
    }

    @Test("each kind answers a request made by hand")
    func byHand() async {
        let request = ServiceRequest(.get, "/")
        let kinds: [ServiceHandler] = [
            .immediate { _ in Self.json("x") }, .concurrent { _ in Self.json("x") },
            .kept(attempt: { _ in Self.json("x") }, otherwise: { _ in Self.json("y") }),
            .kept(attempt: { _ in nil }, otherwise: { _ in Self.json("x") }),
        ]
        for kind in kinds { #expect(await kind.answer(request).body == Array("x".utf8)) }
    }

    private final class Counter: Sendable {
        let count = Atomic(0)
    }
}
