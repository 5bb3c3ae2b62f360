/// What is wrong with the names of routes, and with the other two processes' files.
extension BrokenConfiguration {
    private static let route = "service: data\n"

    /// Two files of one route, or one file's name, that cannot be.
    private static func tree(_ name: String, _ files: [String], _ problems: String...) -> BrokenConfiguration {
        BrokenConfiguration(
            name, files: files.map { ("routes/\($0).yaml", route) }, problems: problems.map { "routes/\($0)" })
    }

    static let ofTree: [BrokenConfiguration] = [
        tree(
            "two names at one place", ["x/[id]", "x/[cid]/y"],
            "x/[id].yaml: `/x/[id]` ({}/routes/x/[id].yaml) and `/x/[cid]/y` ({}/routes/x/[cid]/y.yaml) have "
                + "different names for one parameter. Use one name for it in both."),
        tree(
            "a name twice", ["x/[id]/[id]"],
            "x/[id]/[id].yaml: the route `/x/[id]/[id]` has the parameter `id` twice. "
                + "Give each parameter a name of its own."),
        tree(
            "a catch-all that is not last", ["x/[...rest]/y"],
            "x/[...rest]/y.yaml: the route `/x/[...rest]/y` has segments after the catch-all `[...rest]`. "
                + "End the route there, or use `[name]`, which takes one segment."),
        tree(
            "two catch-alls at one place", ["x/[...a]", "x/[[...b]]"],
            "x/[[...b]].yaml: `/x/[[...b]]` ({}/routes/x/[[...b]].yaml) and `/x/[...a]` ({}/routes/x/[...a].yaml) "
                + "are a catch-all and an optional catch-all at one place. Keep only one of the two."),
        tree(
            "a route beside its optional catch-all", ["x", "x/[[...a]]"],
            "x/[[...a]].yaml: `/x/[[...a]]` ({}/routes/x/[[...a]].yaml) and `/x` ({}/routes/x.yaml) both take the path "
                + "that the optional catch-all takes with no segment. "
                + "Remove the shorter route, or write `[...name]` instead of `[[...name]]`."),
        tree(
            "a route beside its index", ["x", "x/index"],
            "x/index.yaml: `/x` ({}/routes/x/index.yaml) and `/x` ({}/routes/x.yaml) are the same route. "
                + "Remove one of the two files."),
        tree(
            "an optional parameter", ["x/[[id]]"],
            "x/[[id]].yaml: the route `/x/[[id]]` has an optional parameter `[[id]]`, which does not exist. "
                + "Write `[name]`, or `[[...name]]` for none or more segments."),
        tree(
            "an empty name", ["x/[]"],
            "x/[].yaml: the route `/x/[]` has a parameter without a name, `[]`. Give it one, as in `[id]`."),
        tree(
            "a name that begins with a period", ["x/[.id]"],
            "x/[.id].yaml: the route `/x/[.id]` has a parameter name that begins with a period, `[.id]`. "
                + "Begin the name with another character; a catch-all has exactly three periods."),
        tree(
            "a bracket within a segment", ["x/a[id]"],
            "x/a[id].yaml: the route `/x/a[id]` has a bracket in `a[id]` that does not enclose the whole segment. "
                + "Let a parameter be a segment of its own, as in `/posts/[id]`."),
    ]

    private static let sockets = "listen: {login: unix:a.sock, verify: unix:b.sock}\n"

    static let ofAuth: [BrokenConfiguration] = [
        BrokenConfiguration(
            "one socket alone", [("auth.yaml", "listen: {login: unix:a.sock}\nstore: sqlite:auth.db\n")],
            "auth.yaml:1:9: `listen.verify` is missing. Add it, for example: `verify: unix:auth/verify.sock`."),
        BrokenConfiguration(
            "one socket for both",
            [("auth.yaml", "listen: {login: unix:a.sock, verify: unix:a.sock}\nstore: sqlite:auth.db\n")],
            "auth.yaml:1:38: `listen.login` and `listen.verify` are one socket. Name two."),
        BrokenConfiguration(
            "no Unix socket",
            [("auth.yaml", "listen: {login: unix:a.sock, verify: 127.0.0.1:4}\nstore: sqlite:auth.db\n")],
            "auth.yaml:1:38: `listen.verify` must be a Unix socket, not \"127.0.0.1:4\". "
                + "Write for example `unix:auth/login.sock`."),
        BrokenConfiguration(
            "no store that is known", [("auth.yaml", sockets + "store: mysql:auth\n")],
            "auth.yaml:2:8: `store` must be a store, not \"mysql:auth\". Write for example `sqlite:auth.db`."),
        BrokenConfiguration(
            "no kind of errors", [("auth.yaml", sockets + "store: sqlite:a.db\nlogin: {errors: vague}\n")],
            "auth.yaml:3:17: `login.errors` must be one of: uniform, tutorial, not \"vague\"."),
        BrokenConfiguration(
            "a token that is never good", [("auth.yaml", sockets + "store: sqlite:a.db\ntoken: {lifetime: 0s}\n")],
            "auth.yaml:3:19: `token.lifetime` must be a duration from 1s to 3650d, not \"0s\". "
                + "Write a whole number and a unit: 500ms, 10s, 1m, 1h or 2d."),
    ]

    static let ofData: [BrokenConfiguration] = [
        BrokenConfiguration(
            "no data.yaml to speak of", [("data.yaml", "store: sqlite:data.db\n")],
            "data.yaml: `listen` is missing. Add it, for example: `listen: unix:data/{instance}.sock`."),
        BrokenConfiguration(
            "a port in place of a socket", [("data.yaml", "listen: 127.0.0.1:80\nstore: sqlite:data.db\n")],
            "data.yaml:1:9: `listen` must be a Unix socket, not \"127.0.0.1:80\". "
                + "Write for example `unix:data/{instance}.sock`."),
        BrokenConfiguration(
            "no seed that is known",
            [("data.yaml", "listen: unix:data/{instance}.sock\nstore: sqlite:data.db\nseed: article\n")],
            "data.yaml:3:7: `seed` must be one of: none, tutorial, not \"article\"."),
    ]

    static let all = ofMain + ofServices + ofRoutes + ofTree + ofAuth + ofData
}
