/// What an RSA key must be to be taken (RFC 7518 section 3.3, RFC 8725 section 3.5).
enum RSAKeyRules {
    static let leastBits = 2048
    /// A longer one only makes verifications dear.
    static let mostBits = 8192

    enum Fault: Error, Equatable {
        case short(bits: Int)
        case long(bits: Int)
        case exponent
        case guessable
    }

    /// - Parameters: the modulus and the public exponent, big-endian, without leading zeros.
    static func check(modulus: [UInt8], exponent: [UInt8]) throws(Fault) {
        let bits = modulus.count * 8 - (modulus.first?.leadingZeroBitCount ?? 0)
        guard bits >= leastBits else { throw .short(bits: bits) }
        guard bits <= mostBits else { throw .long(bits: bits) }
        // FIPS 186-5 appendix A.1.1 asks for an odd number over 2^16. One of more than 32 bits is nobody's habit.
        let value = exponent.reduce(UInt64(0)) { $0 &<< 8 | UInt64($1) }
        guard exponent.count <= 4, value > 65536, value % 2 == 1 else { throw .exponent }
        if isROCA(modulus) { throw .guessable }
    }

    /// Whether the modulus has the mark of the library that made guessable primes (CVE-2017-15361, "The Return of
    /// Coppersmith's Attack"): each of its primes is a power of 65537 modulo each small prime, and so is their product.
    /// A key made well has the mark once in hundreds of millions.
    static func isROCA(_ modulus: [UInt8]) -> Bool {
        smallPrimes.allSatisfy { prime in
            let rest = modulus.reduce(UInt32(0)) { ($0 << 8 | UInt32($1)) % prime }
            var power: UInt32 = 1
            repeat {
                if power == rest { return true }
                power = power * (65537 % prime) % prime
            } while power != 1
            return false
        }
    }

    /// The odd primes that divide the smallest of that library's constants.
    private static let smallPrimes: [UInt32] = [
        3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53, 59, 61, 67, 71, 73, 79, 83, 89, 97, 101, 103, 107, 109,
        113, 127, 131, 137, 139, 149, 151, 157, 163, 167,
    ]
}
