"""The forms in which a URL can stand in a text: each takes a URL and gives the characters that a service would write."""
import re
import urllib.parse


def escaped(pattern, replacement):
    """Replaces what `pattern` matches."""
    return lambda url: re.sub(pattern, replacement, url)


FORMS = {
    "plain": lambda url: url,
    "upper-case": lambda url: url.replace("https", "HTTPS").replace("weather", "WEATHER"),
    "slash-escaped": escaped("/", r"\\/"),
    "unicode-slashes": escaped("/", r"\\u002f"),
    "unicode-capitals": escaped("/", r"\\u002F"),
    "unicode-colon": lambda url: url.replace(":", r"\u003a").replace("/", r"\u002f"),
    "hexadecimal-slashes": escaped("/", r"\\x2f"),
    "percent-encoded": lambda url: urllib.parse.quote(url, safe=""),
    "percent-lower-case": lambda url: urllib.parse.quote(url, safe="").replace("%2F", "%2f").replace("%3A", "%3a"),
    "percent-twice": lambda url: urllib.parse.quote(urllib.parse.quote(url, safe=""), safe=""),
    "entity-hexadecimal": escaped("/", "&#x2F;"),
    "entity-decimal": escaped("/", "&#47;"),
    "entity-named": lambda url: url.replace(":", "&colon;").replace("/", "&sol;"),
    "protocol-relative": escaped("^https:", ""),
    "web-socket": escaped("^https:", "wss:"),
    "user-information": escaped("^https://", "https://user:word@"),
    "host-alone": lambda url: urllib.parse.urlsplit(url).netloc,
}

TYPES = {
    "json": ("application/json; charset=utf-8", '{{"a":[1,2,{{"href":"{}"}}],"b":true}}'),
    "problem-json": ("application/problem+json", '{{"type":"{}","title":"x"}}'),
    "html": ("text/html; charset=utf-8", '<!doctype html><p>a</p><a class=x href="{}">b</a><p>c</p>'),
    "xml": ("application/xml", '<?xml version="1.0"?><a><b href="{}"/></a>'),
    "svg": ("image/svg+xml", '<svg xmlns:xlink="http://link.example/"><image xlink:href="{}"/></svg>'),
    "css": ("text/css", ".a {{ background: url({}) }}\n.b {{ color: red }}\n"),
    "javascript": ("text/javascript", 'const a = "{}"; fetch(a);\n'),
    "plain": ("text/plain; charset=utf-8", "See {} for more.\n"),
    "event-stream": ("text/event-stream", "event: a\ndata: {}\n\nevent: b\ndata: 2\n\n"),
    "ndjson": ("application/x-ndjson", '{{"a":"{}"}}\n{{"b":2}}\n'),
    "no-type": (None, "See {} for more.\n"),
}
