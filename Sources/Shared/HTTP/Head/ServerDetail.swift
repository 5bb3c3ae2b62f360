/// Fields that describe who serves rather than what is served: products, versions, hosts, caches, clouds, debugging,
/// reporting. Known by their names, most by how those begin.
enum ServerDetail {
    /// Whether a name is one of them; `Server`, `X-Powered-By`, `Via` and `Forwarded` are known by other means.
    @inline(__always) static func describes(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        guard name.count >= 3 else { return false }
        let first = Bytes.lowercased(Bytes.at(bytes, name.lowerBound))
        if first == 120 {  // x
            guard Bytes.at(bytes, name.lowerBound + 1) == 45 else { return false }
            return name.count >= 4 && describesExtension(bytes, name)
        }
        // A bit for each letter that a name below begins with: abcdefhiklmnoprstuw.
        let initials: UInt32 = 0x5EFDBF
        guard first >= 97, first <= 122, initials >> UInt32(first - 97) & 1 == 1 else { return false }
        return describesPlain(bytes, name, first)
    }

    private static func describesPlain(_ bytes: RawSpan, _ name: Range<Int>, _ first: UInt8) -> Bool {
        func begins(_ word: StaticString) -> Bool { Bytes.hasPrefix(bytes, name, word) }
        func isWord(_ word: StaticString) -> Bool { Bytes.equals(bytes, name, word) }
        switch first {
        case 97: return isWord("alt-svc") || isWord("alternates") || begins("akamai-")
        case 98: return begins("backend-")
        case 99: return begins("cf-") || begins("cdn-") || isWord("cache-status") || isWord("commerce-server-software")
        case 100: return begins("debug-")
        case 101: return isWord("expect-ct") || begins("eagleeye-")
        case 102: return begins("fly-") || begins("fastly-")
        case 104: return isWord("hostname") || begins("host-") || isWord("hummingbird-cache")
        case 105: return isWord("itx-generated-timestamp")
        case 107: return begins("kbn-") || begins("kong-")
        case 108: return begins("liferay-") || isWord("last-server")
        case 109: return begins("microsoft") || begins("mime-server")
        case 110: return isWord("nel") || begins("netlify-") || begins("nginx-")
        case 111: return begins("oracle-") || isWord("ohc-file-size") || begins("origin-server")
        case 112:
            return begins("public-key-pins") || isWord("proxy-status") || begins("powered-by") || isWord("product")
        case 114: return isWord("report-to") || isWord("reporting-endpoints")
        case 115:
            return isWord("server-timing") || isWord("sourcemap") || begins("server-") || isWord("served-by")
                || isWord("surrogate-control") || isWord("surrogate-key") || isWord("section-io-id")
        case 116: return begins("tomcat-")
        case 117: return begins("upstream-")
        case 119: return isWord("warning")
        default: return false
        }
    }

    /// Names that begin with `X-`, by the letter after it.
    private static func describesExtension(_ bytes: RawSpan, _ name: Range<Int>) -> Bool {
        let rest = name.lowerBound + 2..<name.upperBound
        func begins(_ word: StaticString) -> Bool { Bytes.hasPrefix(bytes, rest, word) }
        func isWord(_ word: StaticString) -> Bool { Bytes.equals(bytes, rest, word) }
        switch Bytes.lowercased(Bytes.at(bytes, rest.lowerBound)) {
        case 97:  // a
            return begins("amz-") || begins("amzn-") || begins("azure-") || begins("aspnet") || begins("akamai-")
                || begins("accel-") || begins("application-context") || begins("app-server")
        case 98: return begins("backend") || begins("b3-") || begins("bitnami") || isWord("build") || begins("built-")
        case 99:  // c
            return begins("cache") || begins("cdn") || begins("cloud-") || begins("container") || begins("cluster")
                || isWord("cms") || begins("confluence-") || begins("citrix")
        case 100: return begins("drupal-") || begins("debug") || begins("dns-prefetch-origin") || begins("datacenter")
        case 101: return begins("envoy-") || begins("edge-") || isWord("engine")
        case 102: return begins("fastly-") || begins("framework") || begins("fb-") || begins("forwarded")
        case 103: return begins("goog-") || begins("generator") || begins("github-") || begins("gunicorn")
        case 104: return isWord("host") || begins("hostname") || begins("host-") || begins("hacker") || begins("hudson")
        case 105: return isWord("iinfo") || begins("instance") || begins("iplb-")
        case 106: return begins("jenkins") || begins("jsl") || begins("jboss")
        case 107: return begins("kong-") || begins("kubernetes-") || begins("k8s-")
        case 108: return begins("litespeed") || begins("lighttpd-") || begins("locaweb") || begins("lb-")
        case 109: return begins("ms-") || begins("mod-pagespeed") || begins("magento-") || begins("middleton")
        case 110: return begins("nginx") || begins("nf-") || begins("netlify") || isWord("node") || begins("node-")
        case 111: return begins("origin") || begins("original-") || begins("owa-") || begins("oracle-")
        case 112:  // p
            return begins("powered-") || begins("php-") || begins("pod") || begins("proxy") || isWord("pingback")
                || begins("page-speed") || begins("process") || begins("platform-") || begins("pantheon-")
        case 114:  // r
            return isWord("runtime") || begins("rack-") || begins("redirect-by") || begins("render-")
                || begins("request-handler") || begins("region")
        case 115:  // s
            return begins("served-by") || begins("server") || isWord("sourcemap") || begins("sendfile")
                || begins("shopify-") || begins("sucuri-") || begins("styx-") || begins("stack") || begins("squid")
        case 116: return begins("turbo-charged-by") || begins("trace") || begins("timer") || begins("timing")
        case 117: return begins("upstream") || begins("ua-device")
        case 118: return begins("varnish") || begins("vercel-") || begins("via") || begins("version")
        case 119: return begins("wix-") || begins("worker") || begins("weblogic") || begins("wp-") || begins("wf-")
        case 121: return begins("yii-")
        default: return false
        }
    }
}
