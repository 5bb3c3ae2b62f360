// Meant for the sanitizers too: swift test --sanitize=thread (or address) --filter EngineSoak.
import CLinux
import Testing

@testable import Shared

@Suite("The loop and the engine under load", .timeLimit(.minutes(5)))
struct EngineSoakTests {
    /// What one loop found.
    struct Report: Sendable {
        var finished = 0
        var kinds = 0
        var mistakes: [String] = []
        var requests = 0
        var refusals = 0
        var connectionsLeft = 0
        var buffersLent = 0
        var messages = 0
    }

    /// All that lives on one of the loops.
    private final class Side {
        let loop: EventLoop
        let service = SoakService()
        let context: ServerContext
        var listener: SocketListener?
        var clients: [SoakClient] = []
        var clientsDone = 0
        var messages = 0

        init(_ loop: EventLoop) {
            self.loop = loop
            var limits = ServerLimits()
            limits.headDeadline = second
            limits.idleDeadline = 5 * millisecond
            limits.bodyDeadline = 5 * second
            limits.requestsPerConnection = 100
            context = ServerContext(loop: loop, application: service, limits: limits)
        }

        /// Ends everything on the loop and says what is left.
        func end() -> Report {
            listener?.stop()
            listener = nil
            context.closeAll()
            var report = Report()
            for client in clients {
                report.finished += client.finished.values.reduce(0, +)
                report.mistakes += client.mistakes
            }
            report.kinds = Set(clients.flatMap(\.finished.keys)).count
            report.requests = service.requests
            report.refusals = service.refusals
            report.connectionsLeft = context.connections.count + service.opened - service.closed
            report.buffersLent = loop.buffers.lent
            report.messages = messages
            clients = []
            loop.stop()
            return report
        }
    }

    @Test("two loops, each asking the other well and badly: every task ends as it should, nothing is left over")
    func soak() throws {
        let listeners = [try TestListener.unix(), try TestListener.tcp()]
        let clientsPerLoop = 12
        let tasksPerClient = 120
        let reports = Locked<[Report]>([])
        let sides = Locked<[LoopBound<Side>]>([])
        let sidesDone = Locked(0)

        let threads = try (0..<2).map { number in
            let own = listeners[number].descriptor
            let path = listeners[1 - number].path
            let port = listeners[1 - number].port
            return try LoopThread(name: "soak-\(number)") { loop throws(LoopError) in
                let side = Side(loop)
                side.listener = try SocketListener(
                    loop: loop, descriptor: own,
                    accepted: { descriptor in
                        if (try? side.context.open(descriptor: descriptor)) != nil { side.service.didOpen() }
                    }, failed: { _ in })
                side.clients = (0..<clientsPerLoop).map { client in
                    SoakClient(
                        loop: loop, seed: UInt64(number * 1000 + client), tasks: tasksPerClient,
                        connect: {
                            var inProgress = false
                            let descriptor =
                                path.isEmpty
                                ? unsafe postern_connect_tcp("127.0.0.1", port, &inProgress)
                                : unsafe postern_connect_unix(path, &inProgress)
                            return (descriptor, inProgress)
                        },
                        done: {
                            // Messages go from loop to loop all the while.
                            for other in sides.value { other.execute { side, _ in side.messages += 1 } }
                            side.clientsDone += 1
                            guard side.clientsDone == clientsPerLoop else { return }
                            var isLast = false
                            sidesDone.change { count in
                                count += 1
                                isLast = count == 2
                            }
                            guard isLast else { return }
                            for end in sides.value {
                                end.execute { side, _ in
                                    let report = side.end()
                                    reports.change { $0.append(report) }
                                }
                            }
                        })
                }
                sides.change { $0.append(LoopBound(side, loop: loop)) }
            }
        }
        for side in sides.value {
            side.execute { side, _ in for client in side.clients { client.next() } }
        }
        for thread in threads { thread.join() }
        sides.change { $0 = [] }

        #expect(reports.value.count == 2)
        for report in reports.value {
            #expect(report.mistakes == [])
            #expect(report.finished == clientsPerLoop * tasksPerClient)
            #expect(report.kinds == SoakClient.Task.allCases.count)
            #expect(report.requests > 0 && report.refusals > 0)
            #expect(report.connectionsLeft == 0)
            #expect(report.buffersLent == 0)
            #expect(report.messages == 2 * clientsPerLoop)
        }
    }
}
