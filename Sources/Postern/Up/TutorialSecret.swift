// Unsafe: C strings for open(2) and rename(2).
import CLinux
import Glibc
import Shared

/// The secret with which `postern up` lets the tutorial's tokens be signed when nobody gave one: random, made once, and
/// kept in the state folder, so that tokens outlive a restart.
struct TutorialSecret: Equatable {
    /// The environment variable of the tutorial.
    static let variable = "JWT_SECRET_KEY"

    let value: String
    /// Whether this run made it.
    let isNew: Bool

    /// Reads the secret in `file`, or makes one there.
    static func load(_ file: String) throws(CommandFailure) -> TutorialSecret {
        if let value = try read(file) { return TutorialSecret(value: value, isNew: false) }
        let value = try random()
        try write(value, to: file)
        return TutorialSecret(value: value, isNew: true)
    }

    private static func read(_ file: String) throws(CommandFailure) -> String? {
        guard unsafe access(file, F_OK) == 0 else { return nil }
        do {
            return String(decoding: try SecretFile(path: file, systemd: nil).read(), as: UTF8.self)
        } catch {
            throw CommandFailure(
                "\(error.path): \(error.message)", mend: "\(error.mend) Without the file a new secret is made")
        }
    }

    /// 256 bits, as many as HS256 can use (RFC 7518 section 3.2), in hexadecimal digits.
    private static func random() throws(CommandFailure) -> String {
        var bytes = [UInt8](repeating: 0, count: 32)
        guard unsafe postern_random(&bytes, bytes.count) == 0 else {
            throw CommandFailure("no random numbers: \(SystemError.last("getrandom").reason)")
        }
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }

    /// Under another name first: a crash leaves a whole secret or none.
    private static func write(_ value: String, to file: String) throws(CommandFailure) {
        let draft = "\(file).new"
        unsafe unlink(draft)
        let descriptor = unsafe open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw CommandFailure("\(draft) cannot be made: \(SystemError.last("open").reason)")
        }
        StandardStream(descriptor: descriptor).write(value + "\n")
        let isSafe = fsync(descriptor) == 0
        close(descriptor)
        guard isSafe, unsafe rename(draft, file) == 0 else {
            throw CommandFailure("\(file) cannot be written: \(SystemError.last("rename").reason)")
        }
    }
}
