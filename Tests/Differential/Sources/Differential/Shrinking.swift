/// Makes a failing case small enough to read.
package enum Shrinking {
    /// The smallest part of `bytes` that leaving out pieces leads to while `fails` still holds.
    package static func smallest(_ bytes: [UInt8], while fails: ([UInt8]) throws -> Bool) rethrows -> [UInt8] {
        var smallest = bytes
        var size = max(1, bytes.count / 2)
        while size >= 1 {
            var at = 0
            var shrunk = false
            while at < smallest.count {
                var shorter = smallest
                shorter.removeSubrange(at..<min(at + size, smallest.count))
                if try fails(shorter) {
                    smallest = shorter
                    shrunk = true
                } else {
                    at += size
                }
            }
            if !shrunk { size /= 2 }
        }
        return smallest
    }
}
