import Testing

@testable import Gateway
@testable import Shared

@Suite("What a reload says of itself")
struct ReloadReportTests {
    @Test("a report and problems are read as they were written")
    func roundTrip() throws {
        var report = ReloadReport()
        report.directory = "/etc/post\"ern"
        (report.routes, report.services, report.instances) = (3, 2, 5)
        report.added = ["routes/a.yaml", "routes/[id]/ü.yaml"]
        report.removed = ["services/b.yaml"]
        report.waiting = ["listen", "limits"]
        report.isEverywhere = false
        #expect(ReloadReport(json: try StrictJSON.parseObject(report.json)) == report)
        #expect(report.text.contains("  added routes/a.yaml\n") && report.text.contains("a loop is busy"))
        let problems = [
            ConfigurationProblem(file: "a.yaml", line: 3, column: 7, message: "it is \"wrong\"", mend: "Mend it."),
            ConfigurationProblem(file: "b.yaml", message: "there is nothing"),
        ]
        #expect(ProblemList.read(try StrictJSON.parseObject(ProblemList.json(problems))) == problems)
        #expect(ReloadReport(json: try StrictJSON.parseObject(ProblemList.json(problems))) == nil)
    }

    @Test("files that came, went and changed are told apart; backups, hidden files and those of others are none")
    func fingerprints() throws {
        let folder = try TemporaryFolder()
        try folder.write("listen: a\n", to: "postern.yaml")
        try folder.write("a", to: "routes/api/a.yaml")
        try folder.write("b", to: "services/b.yaml")
        let before = ConfigurationFingerprints(directory: folder.path)
        #expect(before.files.count == 3)
        try folder.write("listen: b\n", to: "postern.yaml")
        try folder.write("c", to: "egress/c.yaml")
        try folder.remove("services/b.yaml")
        for name in ["routes/.a.yaml", "routes/a.yaml~", "routes/a.txt", "data.yaml"] {
            try folder.write("x", to: name)
        }
        let after = ConfigurationFingerprints(directory: folder.path)
        let changes = after.changes(since: before)
        #expect(changes.added == ["egress/c.yaml"])
        #expect(changes.changed == ["postern.yaml"])
        #expect(changes.removed == ["services/b.yaml"])
        #expect(after.changes(since: after).changed.isEmpty)
    }
}
