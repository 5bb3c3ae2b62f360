import Shared

extension Exchange {
    /// Refuses a body that says it is too long. One that does not say is counted while it comes (`receiveBody`).
    func limit(_ connection: ServerConnection, _ rule: RouteRule) throws(GatewayError) {
        guard connection.head.fields.contentLength <= rule.bodyLimit.bytes else { throw .client(.bodyTooLong) }
    }
}
