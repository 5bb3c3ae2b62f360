/// Stands for the type of that name, which would bring accounts and sessions along: a verifier needs only the headers that
/// it writes (`TokenIssuer+Header.swift`).
enum TokenIssuer {}
