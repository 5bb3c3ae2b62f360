import Shared

extension StoreError {
    /// What a client meets: 503 where trying again later may help, 500 where a person must act; the cause in neither.
    var response: ServiceResponse {
        switch kind {
        case .missing, .locked, .full, .readOnly, .unreadable, .overloaded:
            .error("Service unavailable", status: 503)
        case .corrupt, .unexpected:
            .error("Internal server error", status: 500)
        }
    }
}
