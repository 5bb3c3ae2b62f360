// Unsafe code: bytes of the answer are copied out of the connection's input.
import Shared

/// One request for a token, on the control loop, over a connection of its own.
final class TokenQuestion: ClientExchange {
    private let configuration: OAuthConfiguration
    private let service: ServicePool
    private var done: ((Result<TokenResponse, TokenResponse.Failure>) -> Void)?
    private var race: ConnectionRace?
    private var instance: InstancePool?
    private var body: [UInt8] = []

    /// Nanoseconds to connect, and for the answer.
    private static let connectTime: UInt64 = 5_000_000_000
    private static let answerTime: UInt64 = 10_000_000_000

    /// - Parameter addresses: where the endpoint is.
    init(
        _ configuration: OAuthConfiguration, at addresses: [InstanceAddress], loop: EventLoop,
        done: @escaping (Result<TokenResponse, TokenResponse.Failure>) -> Void
    ) {
        self.configuration = configuration
        self.done = done
        let rule = ServiceRule(name: "oauth", file: "", instances: addresses, isNamed: true)
        service = ServicePool(rule, addresses.map { InstancePool($0, loop: loop) })
    }

    func start() {
        guard let first = service.choose() else {
            return end(.failure(TokenResponse.Failure(reason: "the endpoint's name leads nowhere")))
        }
        let race = ConnectionRace(first, of: service, time: Self.connectTime) { [weak self] end in
            self?.connected(end)
        }
        self.race = race
        race.start()
    }

    /// Gives it up, and tells nobody.
    func cancel() {
        done = nil
        race?.cancel()
        race = nil
    }

    private func connected(_ end: ConnectionRace.End) {
        race = nil
        switch end {
        case .failed(let isRefused):
            let reason = isRefused ? "the endpoint's TLS is not as it must be" : "the endpoint takes no connection"
            self.end(.failure(TokenResponse.Failure(reason: reason)))
        case .connected(let connection, let pool):
            instance = pool
            connection.begin(
                self, method: .post, connectDeadline: Self.connectTime, responseDeadline: Self.answerTime)
            connection.stream.append(configuration.request)
            connection.endRequest()
        }
    }

    private func end(_ result: Result<TokenResponse, TokenResponse.Failure>) {
        let done = self.done
        self.done = nil
        done?(result)
    }

    // MARK: ClientExchange

    func responseDidBegin(on connection: ClientConnection) {}

    func responseBody(_ count: Int, on connection: ClientConnection) {
        if body.count + count <= TokenResponse.limit {
            connection.withHead { bytes in
                unsafe bytes.extracting(0..<count).withUnsafeBytes { unsafe body.append(contentsOf: $0) }
            }
            connection.stream.consume(count)
        } else {
            instance?.lose(connection)
            end(.failure(TokenResponse.Failure(reason: "the answer is too long")))
        }
    }

    func responseDidEnd(on connection: ClientConnection) {
        let status = connection.head.status
        instance?.lose(connection)
        do throws(TokenResponse.Failure) {
            end(.success(try TokenResponse(status: status, body: body)))
        } catch {
            end(.failure(error))
        }
    }

    func exchangeDidFail(on connection: ClientConnection, _ failure: ClientFailure) {
        instance?.lose(connection)
        let reason = failure.kind == .timeout ? "the endpoint does not answer" : "the endpoint broke its answer off"
        end(.failure(TokenResponse.Failure(reason: reason)))
    }
}
