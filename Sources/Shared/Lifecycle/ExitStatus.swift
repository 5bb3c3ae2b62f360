/// The exit statuses of all our programs (sysexits.h where it has a word for the case).
package struct ExitStatus: RawRepresentable, Sendable, Hashable {
    package let rawValue: Int32

    package init(rawValue: Int32) { self.rawValue = rawValue }

    /// All went well; also a service that was told to stop and did.
    package static let ok = ExitStatus(rawValue: 0)
    /// The work failed for a reason that no other status names.
    package static let failure = ExitStatus(rawValue: 1)
    /// The command line is wrong (EX_USAGE).
    package static let usage = ExitStatus(rawValue: 64)
    /// The input is wrong, for example a token that does not verify (EX_DATAERR).
    package static let dataError = ExitStatus(rawValue: 65)
    /// What was named does not exist, for example a user or a file (EX_NOINPUT).
    package static let noInput = ExitStatus(rawValue: 66)
    /// Something that is needed is not to be had, for example an address to listen on (EX_UNAVAILABLE).
    package static let unavailable = ExitStatus(rawValue: 69)
    /// A fault of the program itself (EX_SOFTWARE).
    package static let software = ExitStatus(rawValue: 70)
    /// The operating system refused something, or a store cannot be used (EX_OSERR).
    package static let systemError = ExitStatus(rawValue: 71)
    /// Something may work later (EX_TEMPFAIL).
    package static let temporaryFailure = ExitStatus(rawValue: 75)
    /// A permission is missing (EX_NOPERM).
    package static let noPermission = ExitStatus(rawValue: 77)
    /// The configuration is wrong (EX_CONFIG); starting again will not help.
    package static let configuration = ExitStatus(rawValue: 78)
}
