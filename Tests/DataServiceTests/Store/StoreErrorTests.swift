import GRDB
import Glibc
import Shared
import Testing

@testable import DataService

@Suite("Store error")
struct StoreErrorTests {
    @Test(
        "SQLite's result codes come to what a person can act on, and to 503 or 500",
        arguments: [
            (ResultCode.SQLITE_BUSY, StoreError.Kind.locked, 503),
            (.SQLITE_LOCKED, .locked, 503),
            (.SQLITE_BUSY_SNAPSHOT, .locked, 503),
            (.SQLITE_FULL, .full, 503),
            (.SQLITE_READONLY, .readOnly, 503),
            (.SQLITE_READONLY_DIRECTORY, .readOnly, 503),
            (.SQLITE_CANTOPEN, .missing, 503),
            (.SQLITE_IOERR_READ, .unreadable, 503),
            (.SQLITE_CORRUPT, .corrupt, 500),
            (.SQLITE_NOTADB, .corrupt, 500),
            (.SQLITE_MISUSE, .unexpected, 500),
        ])
    func kinds(code: ResultCode, kind: StoreError.Kind, status: Int) {
        let error = StoreError(DatabaseError(resultCode: code), path: "/var/lib/x.db")
        #expect(error.kind == kind)
        #expect(error.response.status == status)
    }

    @Test(
        "the kernel's errors likewise",
        arguments: [
            (ENOENT, StoreError.Kind.missing), (EACCES, .missing), (EROFS, .readOnly), (ENOSPC, .full),
            (EIO, .unreadable),
        ])
    func kernel(code: Int32, kind: StoreError.Kind) {
        #expect(StoreError(errno: code, path: "/x").kind == kind)
    }

    @Test("the log reads what, where, why and the mend; a client reads none of it")
    func words() {
        let error = StoreError(
            DatabaseError(resultCode: .SQLITE_READONLY, message: "attempt to write"), path: "/secret/data.db")
        #expect(error.description.contains("/secret/data.db"))
        #expect(error.description.contains("attempt to write"))
        #expect(error.description.contains("write access"))
        #expect(String(decoding: error.response.body, as: UTF8.self) == #"{"error":"Service unavailable"}"#)
    }
}
