// Unsafe code: c-ares calls back with a raw pointer to the resolver, which lives as long as its channel, and lends answers.
import CAres
import Shared

/// Looks names up by c-ares, on one loop: hosts(5), then the servers of resolv.conf(5) or of the configuration.
@safe final class AresResolver: NameResolver {
    private let loop: EventLoop
    private let servers: String
    private let timeout: Int32
    private var channel: OpaquePointer?
    private var watches: [Int32: DescriptorWatch] = [:]
    private var timer: LoopTimer?
    private var questions: [UInt64: (NameAnswer) -> Void] = [:]
    private var last: UInt64 = 0
    /// A server did not answer. The next question, when none is under way, is asked by way of what resolv.conf(5) says
    /// then: this host may have come to another network.
    private var isDoubtful = false

    init(loop: EventLoop, _ configuration: ResolverConfiguration) {
        self.loop = loop
        servers = configuration.servers.joined(separator: ",")
        timeout = Int32(min(configuration.timeout.nanoseconds / 1_000_000, 60_000))
        timer = LoopTimer(loop: loop) { [unowned self] in process(-1, -1) }
    }

    deinit {
        timer?.invalidate()
        questions = [:]
        close()
    }

    func ask(_ host: String, isIPv6: Bool, _ done: @escaping (NameAnswer) -> Void) {
        if isDoubtful && questions.isEmpty { close() }
        if let reason = open() { return done(.failed(reason)) }
        last += 1
        questions[last] = done
        unsafe postern_cares_ask(channel, host, isIPv6, last)
        setTimer()
    }

    /// Why there is no channel; nil when there is one.
    private func open() -> String? {
        guard unsafe channel == nil else { return nil }
        isDoubtful = false
        var reason: UnsafePointer<CChar>?
        let context = unsafe Unmanaged.passUnretained(self).toOpaque()
        let made = unsafe postern_cares_create(
            servers.isEmpty ? nil : servers, timeout, context,
            { context, descriptor, reading, writing in
                unsafe AresResolver.of(context)?.watch(descriptor, reading, writing)
            },
            { context, question, answer in
                guard let answer = unsafe answer?.pointee else { return }
                unsafe AresResolver.of(context)?.end(question, AresResolver.read(answer))
            }, &reason)
        unsafe channel = made
        guard unsafe made == nil else { return nil }
        return unsafe reason.map { unsafe String(cString: $0) } ?? "no memory"
    }

    private func close() {
        unsafe postern_cares_destroy(channel)
        unsafe channel = nil
        for watch in watches.values { watch.end() }
        watches = [:]
    }

    @unsafe private static func of(_ context: UnsafeMutableRawPointer?) -> AresResolver? {
        unsafe context.map { unsafe Unmanaged<AresResolver>.fromOpaque($0).takeUnretainedValue() }
    }

    private func watch(_ descriptor: Int32, _ reading: Bool, _ writing: Bool) {
        guard reading || writing else {
            watches.removeValue(forKey: descriptor)?.end()
            return
        }
        if let watch = watches[descriptor] { return watch.change(reading: reading, writing: writing) }
        // One that cannot be watched is found out by its timeout.
        watches[descriptor] = try? DescriptorWatch(
            loop: loop, descriptor: descriptor, reading: reading, writing: writing
        ) { [unowned self] reading, writing in process(reading ? descriptor : -1, writing ? descriptor : -1) }
    }

    private func process(_ readable: Int32, _ writable: Int32) {
        guard unsafe channel != nil else { return }
        unsafe postern_cares_process(channel, readable, writable)
        setTimer()
    }

    private func setTimer() {
        let left = unsafe channel == nil ? -1 : postern_cares_timeout(channel)
        if left < 0 { timer?.cancel() } else { timer?.set(after: UInt64(left) * 1_000_000) }
    }

    private func end(_ question: UInt64, _ answer: NameAnswer) {
        if case .failed = answer { isDoubtful = true }
        // Later: c-ares is in the middle of its own work, and must not be asked, or let go, in here.
        guard let done = questions.removeValue(forKey: question) else { return }
        loop.afterThisTurn { done(answer) }
    }

    @unsafe private static func read(_ answer: postern_cares_answer) -> NameAnswer {
        switch unsafe Int(answer.kind) {
        case POSTERN_CARES_FOUND:
            let size = unsafe answer.is_ipv6 ? 16 : 4
            let addresses = unsafe withUnsafeBytes(of: answer.addresses) { bytes in
                unsafe (0..<answer.count).compactMap { index in
                    unsafe IPAddress(bytes: Array(bytes[index * 16..<index * 16 + size]))
                }
            }
            return unsafe .found(addresses, ttl: answer.ttl)
        case POSTERN_CARES_NONE: return .none
        default: return .failed(unsafe answer.reason.map { unsafe String(cString: $0) } ?? "")
        }
    }
}
