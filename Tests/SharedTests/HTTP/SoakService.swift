@testable import Shared

/// The serving side of the soak test: answers by the target, well or badly.
final class SoakService: ServerApplication {
    private final class Exchange: ServerExchange {
        var count = 0
        func receiveBody(_ count: Int, from connection: ServerConnection) {
            self.count += count
            connection.stream.consume(count)
            // Now and then the reading pauses for a turn.
            guard self.count % 7 == 0 else { return }
            connection.pauseBody()
            connection.stream.loop.afterThisTurn { connection.resumeBody() }
        }
        func receiveEnd(from connection: ServerConnection) { SoakService.answer(connection, Array("\(count)".utf8)) }
        func responseDidDrain(on connection: ServerConnection) {}
        func exchangeWasCancelled(on connection: ServerConnection) {}
    }

    static let large = pattern(600_000)
    private(set) var requests = 0
    private(set) var refusals = 0
    private(set) var opened = 0
    private(set) var closed = 0

    static func answer(_ connection: ServerConnection, _ body: [UInt8]) {
        connection.beginResponse(200)
        connection.appendDate()
        connection.endHead(.length(body.count))
        connection.stream.append(body)
        connection.endResponse()
    }

    func didOpen() { opened += 1 }

    func serverDidReceive(_ connection: ServerConnection) {
        requests += 1
        let target = connection.withHead { bytes in
            String(decoding: bytes.copied[connection.head.targetRange], as: UTF8.self)
        }
        connection.exchange = Exchange()
        switch target {
        case "/count":
            connection.sendContinue()
            connection.readBody()
        case "/large": Self.answer(connection, Self.large)
        case "/never": break
        case "/later":
            let number = connection.requestCount
            connection.stream.loop.afterThisTurn {
                if connection.requestCount == number { Self.answer(connection, Array(target.utf8)) }
            }
        case "/broken":
            connection.beginResponse(200)
            connection.endHead(.length(100_000))
            connection.stream.append([1, 2, 3])
            connection.stream.loop.afterThisTurn { connection.breakOff() }
        default: Self.answer(connection, Array(target.utf8))
        }
    }
    func serverDidRefuse(_ connection: ServerConnection, _ fault: MessageFault) { refusals += 1 }
    func serverDidClose(_ connection: ServerConnection) { closed += 1 }
}
