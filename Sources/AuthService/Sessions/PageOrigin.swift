import Shared

/// Whether a browser says that the page of another origin asks. That counts where cookies authenticate, and where an
/// answer sets some: nobody else's page is to act for who is logged in here, or to log somebody in as another.
enum PageOrigin {
    /// Refuses what a page of another origin can have sent without asking. A body of `application/json` it cannot send
    /// without a preflight, which the gateway answers by the route's `cors`.
    static func refusal(of request: ServiceRequest) -> ServiceResponse? {
        isForeign(request) ? .error("Cross-origin request refused", status: 403, fields: noStore) : nil
    }

    static func isForeign(_ request: ServiceRequest) -> Bool {
        if isJSON(request.field("Content-Type")) { return false }
        if let site = request.field("Sec-Fetch-Site") { return site != "same-origin" && site != "none" }
        guard let origin = request.field("Origin") else { return false }
        guard let host = request.field("Host"), let mark = origin.firstRange(of: "://") else { return true }
        return origin[mark.upperBound...].lowercased() != host.lowercased()
    }

    private static func isJSON(_ type: String?) -> Bool {
        guard let type else { return false }
        let name = type.prefix { $0 != ";" }.lowercased()
        return name.filter { $0 != " " && $0 != "\t" } == "application/json"
    }

    private static let noStore = [(name: "Cache-Control", value: "no-store")]
}
