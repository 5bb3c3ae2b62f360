import Testing

/// A service that tells who it is in every way that we know of; what it tells is `inside.example`, its socket or its
/// port, and the products that it is made of.
enum LeakyService {
    /// Fields that describe a server.
    static let descriptions = [
        "Server: nginx/1.25.3", "X-Powered-By: PHP/8.2.7", "Via: 1.1 inside.example", "X-AspNet-Version: 4.0.30319",
        "X-AspNetMvc-Version: 5.2", "X-Runtime: 0.012", "X-Amz-Cf-Id: x", "X-Amzn-Trace-Id: Root=1", "X-Goog-Hash: x",
        "X-Azure-Ref: x", "CF-Ray: x", "X-Served-By: cache-1", "X-Cache: HIT", "X-Cache-Hits: 1", "X-Backend: b1",
        "X-Backend-Server: b1", "X-Upstream: u", "X-Host: h", "X-Server-Name: s", "X-Generator: Drupal 10",
        "X-Varnish: 1", "X-Drupal-Cache: HIT", "X-Envoy-Upstream-Service-Time: 3", "X-Kong-Proxy-Latency: 1",
        "Alt-Svc: h3=\":443\"", "NEL: {}", "Report-To: {}", "Reporting-Endpoints: a=\"/r\"", "SourceMap: /a.map",
        "X-SourceMap: /a.map", "Public-Key-Pins: x", "Public-Key-Pins-Report-Only: x", "Expect-CT: max-age=0",
        "Server-Timing: db;dur=5", "X-Debug-Token: 1", "X-Debug-Token-Link: /p",
    ]
    static let bodies = [
        "<hr><center>nginx/1.25.3</center>", "Traceback (most recent call last):\n  File \"/srv/app.py\", line 3, in f",
        "Exception in thread \"main\" x\n\tat a.B.c(B.java:7)", "at Object.<anonymous> (/srv/app.js:1:2)",
        "at A.B() in C:\\a.cs:line 3", "PHP Fatal error:  Uncaught", "goroutine 1 [running]:", "app.rb:3:in `f'",
    ]

    /// The answer to a target: `/head/N` has the Nth description, `/body/N` the Nth body, `/clean` tells nothing, and
    /// `/fail` fails.
    static func answer(_ target: String) -> String {
        let parts = target.split(separator: "/").suffix(2).map(String.init)
        let number = parts.last.flatMap { Int($0) } ?? 0
        switch parts.first {
        case "head": return Answer.ok("x", [descriptions[number]])
        case "body": return Answer.ok(bodies[number])
        default:
            guard parts.last == "fail" else { return Answer.ok("x") }
            return
                "HTTP/1.1 503 inside.example is down\r\nServer: nginx\r\nRetry-After: 7\r\nContent-Length: 14\r\n\r\ninside.example"
        }
    }

    static func targets(below prefix: String) -> [String] {
        descriptions.indices.map { "\(prefix)/head/\($0)" } + bodies.indices.map { "\(prefix)/body/\($0)" }
    }

    static func start(_ path: String) throws -> ScriptedService {
        try ScriptedService(path) { answer($0.target) }
    }

    /// The same on a port, without a gate before it.
    static func start(port: inout UInt16) throws -> ScriptedService {
        try ScriptedService(port: &port) { service, stream, _ in
            while let request = service.read(stream), stream.send(answer(request.target)) {}
        }
    }
}
