import GRDB
import Shared

/// What went wrong with the accounts, in words for the operator; a client never reads them.
enum AccountStoreError: Error, Equatable {
    case invalidUsername
    case invalidProfile
    case tooManyAccounts(most: Int)
    case usernameTaken(String)
    case noSuchUser(String)
    case cannotOpen(path: String, reason: String)
    case noFolder(path: String)
    case notADatabase(path: String)
    case corrupt(path: String)
    case newerSchema(path: String)
    case full(path: String)
    case readOnly(path: String)
    case busy(path: String)
    case failed(path: String, reason: String)
}

extension AccountStoreError: CustomStringConvertible {
    var description: String {
        switch self {
        case .invalidUsername:
            "the username is empty, longer than 256 bytes, or has control characters. Choose another one."
        case .invalidProfile:
            "the name or the location is longer than 256 bytes, or has control characters. Choose a shorter one."
        case .tooManyAccounts(let most):
            "there are \(most) accounts already. Raise `accounts.most`, or remove some."
        case .usernameTaken(let name): "the user \(LogText.quoted(name)) exists already. Choose another username."
        case .noSuchUser(let name):
            "there is no user \(LogText.quoted(name)). See `postern user list` for those that there are."
        case .cannotOpen(let path, let reason):
            "\(path): the account store cannot be opened (\(reason)). Give the auth service's user the file and its folder."
        case .noFolder(let path):
            "\(path): the folder of the account store does not exist. Create it, owned by the auth service's user."
        case .notADatabase(let path):
            "\(path): this file is no SQLite database. Name another file as `store`, or move this one away."
        case .corrupt(let path):
            "\(path): the account store is corrupt. Stop the auth service and restore the file from a backup."
        case .newerSchema(let path):
            "\(path): the account store was made by a newer Postern. Start that version, or restore an older backup."
        case .full(let path): "\(path): no space is left for the account store. Make room on its file system."
        case .readOnly(let path):
            "\(path): the account store cannot be written. Give the auth service's user the file and its folder."
        case .busy(let path):
            "\(path): another program holds the account store locked. Find it with `fuser \(path)` and let it finish."
        case .failed(let path, let reason): "\(path): the account store failed (\(reason))."
        }
    }
}

extension AccountStoreError {
    /// What SQLite says of the file at `path`, by its result codes (https://sqlite.org/rescode.html).
    init(_ error: any Error, path: String) {
        guard let error = error as? DatabaseError else {
            self = error as? AccountStoreError ?? .failed(path: path, reason: "\(type(of: error))")
            return
        }
        // SQLite's own words; the statement and its arguments stay out.
        let reason = error.message ?? "SQLite error \(error.extendedResultCode.rawValue)"
        switch error.resultCode {
        case .SQLITE_NOTADB: self = .notADatabase(path: path)
        case .SQLITE_CORRUPT: self = .corrupt(path: path)
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_READONLY: self = .readOnly(path: path)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .cannotOpen(path: path, reason: reason)
        default: self = .failed(path: path, reason: reason)
        }
    }
}
