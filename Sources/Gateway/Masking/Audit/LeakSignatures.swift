/// What gives a server away whoever it is: products by their names and versions, and errors meant for programmers.
enum LeakSignatures {
    /// Stands for one digit or more.
    private static let digits = "\u{1}"

    private static let banners = [
        "nginx/#", "apache/#", "apache tomcat/#", "openresty/#", "lighttpd/#", "microsoft-iis/#",
        "microsoft-httpapi/#", "php/#.", "werkzeug/#", "gunicorn/#", "python/#.#", "kestrel", "jetty(#", "jetty://",
        "phusion passenger", "webrick/#", "undertow/#", "wildfly/#", "envoy/#", "caddy/#", "openssl/#.", "mod_wsgi/#",
        "mod_perl/#", "cherrypy/#", "tornadoserver/#", "aiohttp/#", "uvicorn", "hypercorn", "cowboy/#", "puma #.",
        "node.js v#", "<center>nginx</center>", "<center>openresty</center>", "varnish cache server",
        "whitelabel error page", "server at localhost port", "x-powered-by:", "x-aspnet-version:",
        "asp.net version:", "django version:", "django/#", "rails.root:", "<pre>cannot get /", "<pre>cannot post /",
        "<pre>cannot put /", "<pre>cannot delete /", "glassfish server", "weblogic server", "werkzeug debugger",
    ]
    private static let traces = [
        // Java and its kin
        ".java:#", ".kt:#)", ".scala:#)", ".groovy:#)", "(native method)", "(unknown source)", "exception in thread \"",
        "exception in thread \\\"", "caused by: java.", "caused by: org.", "caused by: com.", "at java.base/",
        "java.lang.", "org.springframework.", "jakarta.servlet.", "javax.servlet.",
        // Python
        "traceback (most recent call last)", ".py\", line #", ".py\\\", line #", ".py&quot;, line #",
        "werkzeug.exceptions.",
        // Node
        "node:internal/", "at object.<anonymous> (", "at object.&lt;anonymous&gt; (", "processticksandrejections",
        "/node_modules/", "\\/node_modules\\/", ".js:#:#", ".mjs:#:#", ".cjs:#:#", ".ts:#:#",
        // .NET
        ".cs:line #", ".vb:line #", "system.nullreferenceexception", "system.invalidoperationexception",
        "microsoft.aspnetcore.", "stack trace: at system.",
        // PHP
        ".php:#", ".php(#)", ".php on line #", ".php</b> on line <b>#", "php fatal error:", "php warning:",
        "fatal error: uncaught", "<b>fatal error</b>:", "<b>warning</b>:", "<b>notice</b>:",
        // Go, Ruby, Rust, databases
        "goroutine # [", ".go:# +0x", "panic: runtime error", "/usr/local/go/src/", ".rb:#:in `", ".rb:#:in '",
        "actioncontroller::", "activerecord::", "' panicked at ", ".rs:#:#", "sqlstate[", "pg::", "ora-#",
        "you have an error in your sql syntax", "syntax error at or near",
    ]

    static let kinds: [LeakKind] = banners.map { _ in .banner } + traces.map { _ in .trace }

    /// Made once, when something is first audited.
    static let automaton = ByteAutomaton(
        patterns: (banners + traces).map { Array($0.replacing("#", with: digits).utf8) }, digits: 1)
    /// Bytes of each, a digit for each number.
    private static let lengths = (banners + traces).map(\.utf8.count)

    static func length(of signature: Int) -> Int { lengths[signature] }
}
