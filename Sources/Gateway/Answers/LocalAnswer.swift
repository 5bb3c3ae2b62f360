/// What a route without a service answers.
enum LocalAnswer: Sendable {
    case redirect(RedirectRule)
    case fixed(FixedAnswer)
}
