// Unsafe code: poll(2) writes into a structure.
import CLinux
import Glibc
import Logging
import Shared
import Synchronization

/// The control side of outside services, on a thread and a loop of its own: what their names lead to, and the tokens
/// that they are shown. It prepares; the
/// loops that forward are given what it has found with each snapshot.
final class OutsideControl: Sendable {
    /// What the loop and the other threads share.
    private final class Shelf: Sendable {
        struct State {
            var directory: LoopBound<NameDirectory>?
            var keeper: LoopBound<TokenKeeper>?
            var settings: ResolverConfiguration
            var known = OutsideTable()
            var changed: (@Sendable () -> Void)?
        }
        let state: Mutex<State>

        init(_ settings: ResolverConfiguration) {
            state = Mutex(State(settings: settings))
        }

        func change(_ body: (inout OutsideTable) -> Void) {
            let changed = state.withLock { state in
                body(&state.known)
                return state.changed
            }
            changed?()
        }
    }
    private let thread: LoopThread
    private let shelf: Shelf
    let counters = OutsideCounters()

    /// Milliseconds for which a start or a reload waits for names that were never looked up, and tokens that were never
    /// had. Who does not answer holds it up no longer: the services that need them answer 503 until they are there.
    static let patience: Int32 = 5000

    /// - Throws: `LoopError` when the thread or its loop cannot be made.
    init(_ settings: ResolverConfiguration, logger: Logger) throws(LoopError) {
        let shelf = Shelf(settings)
        self.shelf = shelf
        thread = try LoopThread(name: "outside") { [counters] loop in
            let directory = NameDirectory(
                loop: loop, resolver: AresResolver(loop: loop, settings), settings: settings, counters: counters,
                logger: logger
            ) { addresses in shelf.change { $0.addresses = addresses } }
            let keeper = TokenKeeper(
                loop: loop, counters: counters, logger: logger, addresses: { [unowned directory] in directory[$0] }
            ) { tokens in shelf.change { $0.tokens = tokens } }
            let (names, tokens) = (LoopBound(directory, loop: loop), LoopBound(keeper, loop: loop))
            shelf.state.withLock { state in
                state.directory = names
                state.keeper = tokens
            }
        }
    }

    /// What is known now.
    var known: OutsideTable { shelf.state.withLock { $0.known } }

    /// Calls `changed`, on the control loop, each time that `known` is another.
    func observe(_ changed: @escaping @Sendable () -> Void) {
        shelf.state.withLock { $0.changed = changed }
    }

    /// Keeps what a configuration needs, and waits for what was never asked for, up to `patience`.
    func prepare(_ configuration: GatewayConfiguration) {
        let settings = configuration.main.resolver
        let (directory, keeper, isOther) = shelf.state.withLock { state in
            let isOther = state.settings != settings
            state.settings = settings
            return (state.directory, state.keeper, isOther)
        }
        guard let directory, let keeper else { return }
        let (names, tokens) = (configuration.names, configuration.tokens)
        let settled = OneTimeSignal()
        directory.execute { directory, loop in
            if isOther { directory.use(AresResolver(loop: loop, settings), settings) }
            // What has been found is on the shelf before anybody goes on. Tokens are asked for where names lead.
            directory.keep(names) {
                keeper.open(on: loop).keep(tokens) { settled.send() }
            }
        }
        settled.wait(atMost: Self.patience)
    }

    /// A service did not take the token that it was shown.
    func tokenWasRejected(_ token: OAuthConfiguration) {
        shelf.state.withLock { $0.keeper }?.execute { keeper, _ in keeper.wasRejected(token) }
    }

    /// Ends the thread.
    func stop() {
        thread.stop()
        thread.join()
    }
}

/// What one thread waits for, within a bound, and another tells it, once.
private final class OneTimeSignal: Sendable {
    private let descriptor = postern_eventfd()

    deinit { close(descriptor) }

    func send() { _ = postern_eventfd_signal(descriptor) }

    func wait(atMost milliseconds: Int32) {
        var polled = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while unsafe poll(&polled, 1, milliseconds) < 0 && errno == EINTR {}
    }
}
