import ArgumentParser
import Shared

/// Asks all requests, and tells what was found as it is found.
struct AuditRun {
    let identity: IdentityMatcher
    let keptFields: Set<String>
    /// Of every request.
    let fields: [String]
    let isJSON: Bool

    /// Ends with status 1 where something was found, with 69 where a request was not answered.
    func ask(_ requests: [AuditRequest], _ client: AuditClient) throws {
        var (answers, leaks, failures) = (0, 0, 0)
        for (number, request) in requests.enumerated() {
            showProgress(number, of: requests.count)
            let name = "\(request.method) \(request.target)"
            let audit = AnswerAudit(name, identity: identity, keptFields: keptFields)
            do throws(AuditClient.Failure) {
                let answer = try client.ask(request, fields: fields, audit)
                answers += 1
                leaks += answer.findings.count
                hideProgress()
                for finding in answer.findings {
                    StandardStream.output.write(isJSON ? finding.json : Array(finding.line.utf8))
                }
            } catch {
                failures += 1
                hideProgress()
                StandardStream.error.write("\(GatewayCommand.program): \(name): \(error.reason)\n")
            }
        }
        tellSum(answers, leaks, failures)
        if leaks > 0 { throw ExitCode(ExitStatus.failure.rawValue) }
        if failures > 0 { throw ExitCode(ExitStatus.unavailable.rawValue) }
    }

    private func tellSum(_ answers: Int, _ leaks: Int, _ failures: Int) {
        guard isJSON else {
            let notAnswered = failures > 0 ? ", \(failures) requests not answered" : ""
            return StandardStream.output.write("\(leaks) leaks in \(answers) answers\(notAnswered)\n")
        }
        let bytes = JSONWriter.bytes { writer in
            writer.object { sum in
                sum.member("answers", answers)
                sum.member("leaks", leaks)
                sum.member("failures", failures)
            }
        }
        StandardStream.output.write(bytes + [10])
    }

    private func showProgress(_ number: Int, of count: Int) {
        guard StandardStream.error.isTerminal, count > 20 else { return }
        StandardStream.error.write("\r\u{1B}[K\(number + 1) of \(count)")
    }

    private func hideProgress() {
        guard StandardStream.error.isTerminal else { return }
        StandardStream.error.write("\r\u{1B}[K")
    }
}
