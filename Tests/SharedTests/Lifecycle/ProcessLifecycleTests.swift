import Foundation
import Glibc
import Logging
import Synchronization
import Testing

@testable import Shared

@Suite("process lifecycle")
struct ProcessLifecycleTests {
    @Test("SIGHUP reloads, SIGTERM drains, and the process's word ends it")
    func reloadAndDrain() async throws {
        let run = try await Run()
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        run.signal(SIGHUP)
        #expect(await run.next()?.hasPrefix("RELOADING=1\nMONOTONIC_USEC=") == true)
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        run.signal(SIGTERM)
        #expect(await run.next() == "STOPPING=1\nEXTEND_TIMEOUT_USEC=61000000\nSTATUS=serving")
        #expect(await run.next() == "STATUS=1 left")
        run.process.finish()
        run.waker.wake()
        #expect(await run.reason() == .drained)
    }

    @Test("a reload that fails says each problem, shows in the status, and ends with READY=1")
    func failedReload() async throws {
        let run = try await Run()
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        run.process.failReload(
            with: ConfigurationError([
                ConfigurationProblem(file: "a.yaml", line: 3, message: "wrong", mend: "Mend it."),
                ConfigurationProblem(file: "b.yaml", message: "wrong too"),
            ]))
        run.signal(SIGHUP)
        _ = await run.next()
        #expect(
            await run.next()
                == "READY=1\nSTATUS=reload failed (2 problems, see the log), what was loaded before goes on: serving")
        let log = run.log.withLock { $0 }
        #expect(
            log.contains {
                $0.hasSuffix(
                    "configuration problem config.file=a.yaml config.line=3 config.mend=\"Mend it.\" config.problem=wrong\n"
                )
            })
        #expect(
            log.contains { $0.hasSuffix("configuration problem config.file=b.yaml config.problem=\"wrong too\"\n") })
        #expect(log.contains { $0.hasSuffix("reload failed problems=2\n") })
        run.process.failReload(with: nil)
        run.signal(SIGHUP)
        _ = await run.next()
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        run.signal(SIGTERM)
        run.signal(SIGINT)
        #expect(await run.reason() == .stoppedAtOnce)
    }

    @Test("a reload that the process itself asks for is made as one of SIGHUP, and none while it goes down")
    func askedFor() async throws {
        let run = try await Run()
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        run.process.ask()
        run.waker.wake()
        #expect(await run.next()?.hasPrefix("RELOADING=1\n") == true)
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        run.signal(SIGTERM)
        #expect(await run.next()?.hasPrefix("STOPPING=1\n") == true)
        run.process.ask()
        run.waker.wake()
        #expect(await run.next() == "STATUS=1 left")
        run.signal(SIGTERM)
        #expect(await run.reason() == .stoppedAtOnce)
        #expect(run.process.reloads == 1)
    }

    @Test("SIGUSR1 has the process say in the log what it has counted")
    func report() async throws {
        let run = try await Run()
        _ = await run.next()
        run.signal(SIGUSR1)
        run.signal(SIGTERM)
        run.signal(SIGINT)
        #expect(await run.reason() == .stoppedAtOnce)
        #expect(run.log.withLock { $0 }.contains { $0.contains(" counters status=") })
    }

    @Test("a drain deadline of nothing ends with work left")
    func deadline() async throws {
        let run = try await Run(drainDeadline: .zero)
        run.signal(SIGINT)
        #expect(await run.reason() == .deadlinePassed)
        #expect(
            run.log.withLock { $0 }.contains { $0.hasSuffix("stopped reason=\"deadline passed\" status=\"1 left\"\n") })
    }

    @Test("the watchdog hears of a process while it makes progress")
    func watchdog() async throws {
        let run = try await Run(watchdog: .milliseconds(10))
        #expect(await run.next() == "READY=1\nSTATUS=serving")
        #expect(await run.next() == "WATCHDOG=1")
        #expect(await run.next() == "WATCHDOG=1")
        run.signal(SIGTERM)
        run.signal(SIGINT)
        _ = await run.reason()
    }

    @Test("poll waits until after the deadline, never shorter")
    func pollTimeout() {
        #expect(ControlLoop.pollTimeout(until: nil) == -1)
        #expect(ControlLoop.pollTimeout(until: .zero) == 0)
        #expect(ControlLoop.pollTimeout(until: ControlLoop.now + .seconds(1_000_000_000)) == .max)
        #expect((999...1001).contains(ControlLoop.pollTimeout(until: ControlLoop.now + .seconds(1))))
    }
}

/// A process that has one piece of work until it is told that it is done.
private final class OneJob: ManagedProcess, Sendable {
    private let state = Mutex(
        (isDraining: false, isDone: false, error: nil as (any Error)?, isAsked: false, reloads: 0))

    func finish() { state.withLock { $0.isDone = true } }
    func failReload(with error: (any Error)?) { state.withLock { $0.error = error } }

    func ask() { state.withLock { $0.isAsked = true } }

    var wantsReload: Bool { state.withLock { $0.isAsked } }
    var reloads: Int { state.withLock { $0.reloads } }
    func reload() throws {
        let error = state.withLock { state in
            state.isAsked = false
            state.reloads += 1
            return state.error
        }
        if let error { throw error }
    }
    func beginDrain() { state.withLock { $0.isDraining = true } }
    var isDrained: Bool { state.withLock { $0.isDone } }
    func isMakingProgress() -> Bool { true }
    var statusLine: String { state.withLock { $0.isDraining ? "1 left" : "serving" } }
}

/// A lifecycle that runs on a thread of its own, to which signals are sent.
private struct Run {
    let process = OneJob()
    let waker: Waker
    let log: Log
    private let thread: pthread_t
    private let messages: AsyncStream<String>
    private let end: AsyncStream<ExitReason>

    init(drainDeadline: Duration = .seconds(60), watchdog: Duration? = nil) async throws {
        let (messages, message) = AsyncStream.makeStream(of: String.self)
        let (end, ended) = AsyncStream.makeStream(of: ExitReason.self)
        let (started, start) = AsyncStream.makeStream(of: (Waker, pthread_t).self)
        let (process, log) = (process, Log())
        let notifier = ServiceNotifier(watchdogInterval: watchdog) {
            message.yield($0)
            return 1
        }
        Thread.detachNewThread {
            guard let lifecycle = try? ProcessLifecycle.prepare() else { return start.finish() }
            start.yield((lifecycle.waker, pthread_self()))
            let logger = Logger(label: "test") { _ in
                TextLogHandler(identifier: "test", level: .debug, write: { line in log.withLock { $0.append(line) } })
            }
            ended.yield(
                lifecycle.run(process, drainDeadline: drainDeadline, notifier: notifier, logger: logger))
        }
        var first = started.makeAsyncIterator()
        (waker, thread) = try #require(await first.next())
        self.messages = messages
        self.end = end
        self.log = log
    }

    /// The next message to the manager.
    func next() async -> String? {
        for await message in messages { return message }
        return nil
    }

    /// Sent to the one thread that waits for it: the test's other threads have not blocked it.
    func signal(_ signal: Int32) { _ = pthread_kill(thread, signal) }

    func reason() async -> ExitReason? {
        var iterator = end.makeAsyncIterator()
        return await iterator.next()
    }
}

private final class Log: Sendable {
    private let lines = Mutex<[String]>([])

    func withLock<Result>(_ use: (inout [String]) -> Result) -> Result { lines.withLock { use(&$0) } }
}
