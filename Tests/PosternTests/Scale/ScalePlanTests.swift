import Shared
import Testing

@testable import Postern

@Suite("What is to be started and stopped")
struct ScalePlanTests {
    static func unit(_ number: Int, service: String? = "active", socket: String? = "active") -> UnitInstance {
        let template = UnitTemplate(service: "data")
        func state(_ name: String, _ active: String?) -> UnitState? {
            active.map { UnitState(name: name, load: "loaded", active: $0, sub: "running", path: "/\(name)") }
        }
        return UnitInstance(
            number: number, service: state(template.service(number), service),
            socket: state(template.socket(number), socket))
    }

    @Test("the lowest numbers are kept, the lowest free ones are started, the highest stopped first")
    func plans() {
        let three = [1, 2, 5].map { Self.unit($0) }
        #expect(ScalePlan([], count: 2) == ScalePlan([], count: 2))
        #expect(ScalePlan([], count: 2).start == [1, 2])
        #expect(ScalePlan(three, count: 3).start.isEmpty && ScalePlan(three, count: 3).stop.isEmpty)
        let up = ScalePlan(three, count: 5)
        #expect(up.start == [3, 4] && up.stop.isEmpty && up.kept == [1, 2, 3, 4, 5])
        let down = ScalePlan(three, count: 1)
        #expect(down.start.isEmpty && down.stop == [5, 2] && down.kept == [1])
        #expect(ScalePlan(three, count: 0).stop == [5, 2, 1])
    }

    @Test("one that sleeps is there, and is woken; one that has failed is not, and its number is free")
    func states() {
        let asleep = Self.unit(2, service: nil)
        let failed = Self.unit(1, service: "failed", socket: nil)
        #expect(ScalePlan([asleep], count: 1).start == [2])
        #expect(ScalePlan([asleep], count: 0).stop == [2])
        #expect(ScalePlan([failed], count: 1).start == [1])
        #expect(ScalePlan([failed, asleep], count: 2).start == [1, 2])
    }

    @Test("numbers are those of the template's units, and no others")
    func numbers() {
        let template = UnitTemplate("postern-data@.service")
        #expect(template.name == "postern-data@.service")
        #expect(template.service(3) == "postern-data@3.service")
        #expect(template.number(of: "postern-data@3.service") == 3)
        #expect(template.number(of: "postern-data@12.socket") == 12)
        for other in [
            "postern-data@x.service", "postern-data@03.service", "postern-data@0.service", "postern-auth.service",
        ] {
            #expect(template.number(of: other) == nil)
        }
    }

    @Test("an instance is known to the gateway by what its socket unit listens on, else by its file's name")
    func addresses() {
        let known = ["unix:/run/a/1.sock", "unix:/run/a/11.sock", "unix:/run/b/one.sock", "http://127.0.0.1:1"]
        var instance = Self.unit(1)
        #expect(instance.addresses(among: known) == ["unix:/run/a/1.sock"])
        instance.paths = ["/run/b/one.sock", "/run/b/other.sock"]
        #expect(instance.addresses(among: known) == ["unix:/run/b/one.sock"])
    }

    @Test("the table tells what systemd and the gateway know side by side")
    func table() {
        let report = ServiceReport(
            name: "data", unit: "postern-data@.service",
            instances: [
                .init(address: "unix:/r/1.sock", state: .up, inFlight: 2, requests: 50),
                .init(address: "unix:/r/2.sock", state: .draining), .init(address: "unix:/r/odd.sock", state: .down),
            ])
        let table = ScaleTable(
            [Self.unit(1), Self.unit(2, service: nil), Self.unit(4, service: "failed", socket: nil)], report,
            service: "data", details: [1: (4711, 12_900_000)])
        #expect(
            table.text == """
                INSTANCE          STATE    GATEWAY    PID  IN FLIGHT  REQUESTS    MEMORY
                1                 running  up        4711          2        50  12.3 MiB
                2                 asleep   draining     -          0         0         -
                4                 failed   -            -          -         -         -
                unix:/r/odd.sock  -        down         -          0         0         -

                """)
        #expect(table.json.hasPrefix(#"{"service":"data","instances":[{"instance":1,"state":"running""#))
        #expect(ScaleTable([], nil, service: "data", details: [:]).text == "data: no instance\n")
    }
}
