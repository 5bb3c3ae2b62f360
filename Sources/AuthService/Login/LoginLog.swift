import Logging

/// What is logged of logins. Every attempt that failed has a line, up to fifty a second; those that were not even compared,
/// and what goes wrong here, are one line in ten seconds. No line has a password, and a name only where
/// somebody has it: one that nobody has may be a password that was typed in the wrong place.
struct LoginLog: Sendable {
    private struct Refusal: Sendable {
        let subject: LoginLimiter.Subject
        let facts: Logger.Metadata
    }

    private let failures: ThinnedLog<Logger.Metadata>
    private let faults: ThinnedLog<LoginFault>
    private let refusals: ThinnedLog<Refusal>

    init(_ logger: Logger) {
        failures = ThinnedLog(burst: 500) { event in
            let unlogged: Logger.Metadata = event.unlogged == 0 ? [:] : ["login.unlogged": "\(event.unlogged)"]
            logger.notice("login failed", metadata: event.fact.merging(unlogged) { $1 })
        }
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
            failures.record(Self.facts(user, address).merging(["login.reason": "\(reason)"]) { $1 })
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
