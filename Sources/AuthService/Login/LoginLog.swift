import Logging

/// What is logged of logins. Every attempt that failed has a line, for so many can fail only as the hash takes time; those
/// that were not even compared, and what goes wrong here, are thinned out. No line has a password, and a name only where
/// somebody has it: one that nobody has may be a password that was typed in the wrong place.
struct LoginLog: Sendable {
    private struct Refusal: Sendable {
        let subject: LoginLimiter.Subject
        let facts: Logger.Metadata
    }

    private let logger: Logger
    private let faults: ThinnedLog<LoginFault>
    private let refusals: ThinnedLog<Refusal>

    init(_ logger: Logger) {
        self.logger = logger
        faults = ThinnedLog { event in
            logger.error(
                "logging in failed",
                metadata: ["login.fault": "\(event.fact)", "login.unlogged": "\(event.unlogged)"])
        }
        refusals = ThinnedLog { event in
            let facts: Logger.Metadata = [
                "login.limit": "\(event.fact.subject.rawValue)", "login.unlogged": "\(event.unlogged)",
            ]
            logger.notice("login refused", metadata: facts.merging(event.fact.facts) { $1 })
        }
    }

    @Sendable func note(_ notice: PasswordService.Notice) {
        switch notice {
        case .failed(let user, let address):
            let reason = user == nil ? "unknown user" : "wrong password"
            logger.notice(
                "login failed", metadata: Self.facts(user, address).merging(["login.reason": "\(reason)"]) { $1 })
        case .limited(let subject, let user, let address):
            refusals.record(Refusal(subject: subject, facts: Self.facts(user, address)))
        case .fault(let fault): faults.record(fault)
        }
    }

    private static func facts(_ user: String?, _ address: ClientAddress?) -> Logger.Metadata {
        var facts: Logger.Metadata = [:]
        if let user { facts["login.user"] = "\(user)" }
        if let address { facts["login.address"] = "\(address.text)" }
        return facts
    }
}
