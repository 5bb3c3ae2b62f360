import Shared

/// Has the same instances run after the next boot.
struct BootLinks {
    let manager: ServiceManager
    let template: UnitTemplate

    /// Whether the units can be enabled at all.
    enum Outcome: Equatable {
        case done
        /// The template has no `[Install]`: who starts the instances is somebody else.
        case notInstallable
        case failed(String)
    }

    /// Enables those that are kept, and disables those that are not.
    func set(kept: [Int], stopped: [Int]) -> Outcome {
        var outcome = Outcome.done
        var hasChanged = false
        do throws(ServiceManagerError) {
            for number in kept {
                let (changed, isInstallable) = try manager.enable(template.service(number))
                hasChanged = hasChanged || changed
                if !isInstallable { outcome = .notInstallable }
            }
            for number in stopped {
                for unit in [template.service(number), template.socket(number)] {
                    // A template without socket units has none to disable.
                    if let changed = try? manager.disable(unit), changed { hasChanged = true }
                }
            }
            if hasChanged { try manager.reload() }
        } catch {
            return .failed(error.failure.message)
        }
        return outcome
    }
}
