import Glibc

/// A system call that failed: which, and its errno.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call's name, for example `signalfd`.
    package let call: String
    /// The errno that it left.
    package let code: Int32

    package init(_ call: String, code: Int32) {
        self.call = call
        self.code = code
    }

    /// What `errno` says now of a call that has just failed.
    package static func last(_ call: String) -> SystemError { SystemError(call, code: errno) }

    /// The errno in words, for example `Permission denied`.
    package var reason: String {
        guard let text = unsafe strerror(code) else { return "error \(code)" }
        return unsafe String(cString: text)
    }

    package var description: String { "\(call): \(reason)" }
}
