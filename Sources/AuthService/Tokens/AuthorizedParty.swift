import Shared

/// `azp`, the party to which the token was issued (OpenID Connect Core section 2): with Clerk the origin of the page that
/// asked for it, which keeps the tokens of one site from another of the same domain. A token without it is taken, as Clerk
/// has it: not every token is issued to a page.
enum AuthorizedParty {
    static func check(_ claims: StrictJSONObject, _ parties: [String]) throws(TokenError) {
        guard let member = claims["azp"] else { return }
        guard let party = member.string else { throw .noText(name: "azp") }
        guard parties.contains(where: { $0.hasSameCodePoints(as: party) }) else { throw .otherParty }
    }
}
