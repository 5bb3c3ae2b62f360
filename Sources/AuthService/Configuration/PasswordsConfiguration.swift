import Shared

/// `passwords` in `auth.yaml`, every key with its default:
///
/// ```yaml
/// passwords:
///   scheme: bcrypt          # bcrypt | yescrypt: how new passwords are hashed
///   cost: 10                # of bcrypt 4 to 31; of yescrypt 1 to 11, default 5: each step doubles the work
///   workers: 3              # threads that hash; default: one less than the cores
///   queue: 64               # passwords that may wait for such a thread; one more is 503
///   queue_per_address: 16   # how many of them may be one client's; default: a quarter of the queue
/// ```
struct PasswordsConfiguration: Equatable, Sendable {
    var form = PasswordForm(.bcrypt, cost: PasswordScheme.bcrypt.defaultCost)
    var workers = HashingPool.defaultWorkers
    var queue = 64
    var queuePerAddress = 16

    init() {}

    init(_ reader: ConfigurationReader?) {
        guard let reader else { return }
        let scheme = reader.value("scheme", .word, default: form.scheme)
        form = PasswordForm(
            scheme, cost: reader.value("cost", .integer(in: scheme.costs), default: scheme.defaultCost))
        workers = reader.value("workers", .integer(in: 1...256), default: workers)
        queue = reader.value("queue", .integer(in: 1...100_000), default: queue)
        queuePerAddress = reader.value("queue_per_address", .integer(in: 1...100_000), default: max(1, queue / 4))
    }
}
