import Foundation
import Testing

@testable import DataService

@Suite("Opening a failed store again")
struct StoreReopenerTests {
    @Test("after an attempt that failed there is a pause, then the store is found again")
    func pause() async throws {
        let service = try TestService(tick: .zero)
        let (path, aside) = (service.folder.store, service.folder.path + "/aside.db")
        let user = "/api/users/[id]"
        try FileManager.default.moveItem(atPath: path, toPath: aside)
        #expect(try await service.get(user, [("id", ["1"])]).status == 503)
        try FileManager.default.moveItem(atPath: aside, toPath: path)
        #expect(try await service.get(user, [("id", ["1"])]).status == 503)
        service.clock.advance(by: StoreReopener.pause)
        #expect(try await service.get(user, [("id", ["1"])]).status == 200)
    }

    @Test("many requests that find the store closed at once are all answered when it is back")
    func many() async throws {
        let service = try TestService()
        let (path, aside) = (service.folder.store, service.folder.path + "/aside.db")
        try FileManager.default.moveItem(atPath: path, toPath: aside)
        #expect(try await service.get("/healthz").status == 503)
        try FileManager.default.moveItem(atPath: aside, toPath: path)
        let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
            for id in 0..<100 {
                group.addTask { try await service.get("/api/users/[id]", [("id", ["\(id)"])]).status }
            }
            return try await group.reduce(into: [:]) { $0[$1, default: 0] += 1 }
        }
        #expect(statuses == [200: 3, 404: 97])
    }
}
