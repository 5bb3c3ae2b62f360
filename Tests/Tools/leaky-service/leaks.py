"""What the service lets out: a name for each way, and the answer that does it."""
import base64
import gzip
import hashlib
import zlib
from dataclasses import dataclass, field

from forms import FORMS, TYPES

JAVA = """java.lang.NullPointerException: Cannot invoke "Forecast.city()"
\tat example.weather.ForecastController.show(ForecastController.java:42)
\tat java.base/java.lang.Thread.run(Thread.java:840)
Caused by: java.net.ConnectException: Connection refused: db.weather.internal/10.1.2.3:5432
"""
PYTHON = """Traceback (most recent call last):
  File "/srv/weather/app.py", line 17, in show
    return forecasts[city]
KeyError: 'paris'
"""
NODE = """TypeError: Cannot read properties of undefined (reading 'city')
    at show (/srv/weather/node_modules/express/lib/router/layer.js:95:5)
    at process.processTicksAndRejections (node:internal/process/task_queues:95:5)
"""
PHP = """<b>Fatal error</b>:  Uncaught Error in /var/www/weather/index.php:7
Stack trace:
#0 /var/www/weather/index.php(12): show()
#1 {main}
"""


@dataclass
class Answer:
    """One answer of the service."""
    status: int = 200
    fields: list = field(default_factory=list)
    body: bytes = b'{"ok":true}'
    type: str = "application/json"
    # None: told by its length; else sent in chunks of so many bytes.
    chunk: int = None


def catalogue(origin, host, port, address):
    """The answers by name. `origin` is the service's own, as in a URL; `address` its IP address."""
    page = f"{origin}/v1/current/paris?units=metric"
    elsewhere = f"{origin}/internal/console"
    leaks = {}

    def fields(name, *lines, status=200):
        leaks[f"field/{name}"] = Answer(status=status, fields=list(lines))

    for name, value in {
        "Server": "nginx/1.25.3", "X-Powered-By": "PHP/8.2.7", "Via": "1.1 varnish (Varnish/7.1)",
        "X-AspNet-Version": "4.0.30319", "X-AspNetMvc-Version": "5.2", "X-Runtime": "0.004", "X-Amz-Request-Id": "4442587FB7D0A2F9",
        "X-Amz-Cf-Id": "abc", "X-Served-By": "cache-fra-1", "X-Backend-Server": "web-7.weather.internal",
        "X-Generator": "Drupal 10", "X-Varnish": "32770 3", "X-Envoy-Upstream-Service-Time": "3",
        "Alt-Svc": f'h3="{host}:443"; ma=86400', "NEL": '{"report_to":"x","max_age":1}', "SourceMap": f"{origin}/v1/app.js.map",
        "X-SourceMap": f"{origin}/v1/app.js.map", "Public-Key-Pins": f'pin-sha256="x"; report-uri="{origin}/v1/pins"',
        "Report-To": f'{{"group":"x","endpoints":[{{"url":"{origin}/v1/reports"}}]}}',
        "Reporting-Endpoints": f'x="{origin}/v1/reports"', "Server-Timing": f'db;desc="{host}"',
        "Location-Of-Origin": page, "X-Url": page,
    }.items():
        fields(name, (name, value))
    fields("Location", ("Location", page), status=302)
    fields("Location-relative", ("Location", "/v1/current/paris"), status=302)
    fields("Location-protocol-relative", ("Location", page.removeprefix("https:")), status=301)
    fields("Location-address", ("Location", f"https://{address}:{port}/v1/current/paris"), status=307)
    fields("Location-elsewhere", ("Location", elsewhere), status=302)
    fields("Content-Location", ("Content-Location", page), status=201)
    fields("Refresh", ("Refresh", f"5; url={page}"))
    fields("Link", ("Link", f'<{page}>; rel="next", <{origin}/v1/style.css>; rel=preload; as=style'))
    fields("Link-elsewhere", ("Link", f'<{elsewhere}>; rel="next"'))
    fields("Set-Cookie", ("Set-Cookie", f"a=1; Domain={host}; Path=/v1/current; Secure; HttpOnly"),
           ("Set-Cookie", "__Host-b=2; Path=/; Secure"), ("Set-Cookie", f"c=3; Domain=.{host.split('.', 1)[1]}"))
    fields("Access-Control-Allow-Origin", ("Access-Control-Allow-Origin", origin))
    fields("Content-Security-Policy", ("Content-Security-Policy", f"default-src 'self' {origin}; report-uri {origin}/v1/csp"))
    fields("Content-Security-Policy-Report-Only",
           ("Content-Security-Policy-Report-Only", f"img-src {host}:{port}; report-uri {origin}/v1/csp"))
    fields("WWW-Authenticate", ("WWW-Authenticate", f'Basic realm="{host}"'), status=401)
    fields("WWW-Authenticate-Bearer", ("WWW-Authenticate", f'Bearer realm="x", resource_metadata="{origin}/v1/meta"'), status=401)

    for type_name, (media_type, text) in TYPES.items():
        for form_name, form in FORMS.items():
            leaks[f"body/{type_name}/{form_name}"] = Answer(type=media_type, body=text.format(form(page)).encode())
    text = TYPES["json"][1]
    for name, url in {
        "address": f"https://{address}:{port}/v1/current/paris", "port": f"{host}:{port}", "elsewhere": elsewhere,
        "fragment": f"{page}#a", "many": f"{page} {page} {page}", "base": f"{origin}/v1", "trailing-dot": page.replace(host, host + "."),
    }.items():
        leaks[f"body/json/{name}"] = Answer(body=text.format(url).encode())
    body = text.format(page).encode()
    digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
    for size in (1, 2, 3, 7):
        leaks[f"framing/chunks-of-{size}"] = Answer(body=body, chunk=size)
    leaks["framing/digests"] = Answer(body=body, fields=[
        ("ETag", '"abc"'), ("Digest", f"sha-256={digest}"), ("Content-Digest", f"sha-256=:{digest}:"), ("Accept-Ranges", "bytes")])
    leaks["framing/gzip"] = Answer(body=gzip.compress(body), fields=[("Content-Encoding", "gzip")])
    leaks["framing/deflate"] = Answer(body=zlib.compress(body), fields=[("Content-Encoding", "deflate")])

    leaks["error/java"] = Answer(status=500, type="text/plain", body=JAVA.encode())
    leaks["error/python"] = Answer(status=500, type="text/html", body=f"<pre>{PYTHON}</pre>".encode())
    leaks["error/node"] = Answer(status=502, type="text/plain", body=NODE.encode())
    leaks["error/php"] = Answer(status=503, type="text/html", body=PHP.encode(), fields=[("Retry-After", "7")])
    leaks["error/banner"] = Answer(status=504, type="text/html", body=b"<center>nginx/1.25.3</center>")
    return leaks
