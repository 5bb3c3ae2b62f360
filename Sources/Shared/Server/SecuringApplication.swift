/// An application some of whose listeners are secured.
package protocol SecuringApplication: ServerApplication {
    /// What makes the security of each connection that is accepted from a socket of this name; nil for plain ones.
    func security(for listener: String) -> (() -> ServerSecurity)?
}
