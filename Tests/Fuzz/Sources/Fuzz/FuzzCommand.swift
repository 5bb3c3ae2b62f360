// Unsafe code: libFuzzer is a C library and hands out pointers.
import CFuzzer
import Glibc

/// `Fuzz TARGET [libFuzzer's arguments]`: tries one target on the inputs that libFuzzer makes up.
@main
struct FuzzCommand {
    /// Called for each input. Returns if all properties hold; ends the process by `broken(_:)` if one does not.
    typealias Target = @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt

    static func target(_ name: String) -> Target? {
        switch name {
        case "head":
            return { data, count in
                HeadTarget.check(unsafe copied(data, count))
                return 0
            }
        case "body":
            return { data, count in
                RewriterTarget.check(unsafe copied(data, count))
                return 0
            }
        case "chunked":
            return { data, count in
                ChunkedTarget.check(unsafe copied(data, count))
                return 0
            }
        case "path":
            return { data, count in
                PathTarget.check(unsafe copied(data, count))
                return 0
            }
        case "routes":
            return { data, count in
                RoutesTarget.check(unsafe copied(data, count))
                return 0
            }
        case "token":
            return { data, count in
                TokenTarget.check(unsafe copied(data, count))
                return 0
            }
        default:
            return nil
        }
    }

    static func main() {
        var arguments = CommandLine.arguments
        guard arguments.count > 1, let target = unsafe target(arguments.remove(at: 1)) else {
            print("usage: Fuzz body|head|chunked|path|routes|token [libFuzzer's arguments]")
            exit(EXIT_FAILURE)
        }
        var count = CInt(arguments.count)
        var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
        let status = unsafe pointers.withUnsafeMutableBufferPointer { pointers -> CInt in
            var first = pointers.baseAddress
            return unsafe LLVMFuzzerRunDriver(&count, &first, target)
        }
        exit(status)
    }
}

/// A copy of an input, no byte longer than it: AddressSanitizer sees who reads past its end.
private func copied(_ data: UnsafePointer<UInt8>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeBufferPointer(start: data, count: count))
}
