import Shared

/// The template of a service's units: `postern-data@.service`, and the socket units beside it, if there are any.
struct UnitTemplate: Equatable {
    /// `postern-data@`
    let stem: String

    /// - Parameter unit: the template's name, `postern-data@.service`.
    init(_ unit: String) { stem = String(unit.dropLast(".service".count)) }

    /// That of a service by its name.
    init(service: String) { self.init(ServiceReport.standardUnit(of: service)) }

    var name: String { "\(stem).service" }
    func service(_ number: Int) -> String { "\(stem)\(number).service" }
    func socket(_ number: Int) -> String { "\(stem)\(number).socket" }

    /// The number of a unit's instance; nil for one that has no number, or is none of the template.
    func number(of unit: String) -> Int? {
        guard let dot = unit.lastIndex(of: "."), unit.hasPrefix(stem) else { return nil }
        let text = unit[..<dot].dropFirst(stem.count)
        guard let number = Int(text), number > 0, String(number) == text else { return nil }
        return number
    }
}
