import Shared

/// `crit` lists extensions that must be understood (RFC 7515 section 4.1.11). None is, so that any `crit` is refused,
/// an empty one too. `b64` (RFC 7797) changes what is signed and is refused with or without `crit`.
enum CriticalHeader {
    static func check(_ header: StrictJSONObject) throws(TokenError) {
        guard header["crit"] == nil else { throw .criticalHeader }
        guard header["b64"] == nil else { throw .unencodedPayload }
    }
}
