/// Why a process cannot listen where it was told to: what is wrong, and the mend.
package struct ListenError: Error, Equatable, CustomStringConvertible {
    /// What is wrong, without a period at its end.
    package let message: String
    /// What to do about it, in whole sentences.
    package let mend: String

    package init(message: String, mend: String) {
        self.message = message
        self.mend = mend
    }

    package var description: String { "\(message). \(mend)" }
}
