// Unsafe: the buffers of getpwuid_r(3).
import Glibc

/// Users' names, for people.
package enum UserName {
    /// The name of the system's user of that number; the number where nobody has it.
    package static func of(_ number: UInt32) -> String {
        var entry = unsafe passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16 << 10)
        let code = unsafe getpwuid_r(number, &entry, &buffer, buffer.count, &found)
        guard unsafe code == 0 && found != nil, let name = unsafe entry.pw_name else { return "\(number)" }
        return unsafe String(cString: name)
    }
}
