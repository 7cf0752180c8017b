/// What a header does, in a sentence; nothing for one that no standard knows.
///
/// The words are for whoever looks at a request, with the section that says so.
pub(super) fn meaning(name: &str) -> Option<&'static str> {
    let name = name.to_ascii_lowercase();
    let found = GLOSSARY.binary_search_by(|(known, _)| (*known).cmp(name.as_str()));
    let known = found.ok().and_then(|place| GLOSSARY.get(place));
    known.map(|(_, words)| *words).or_else(|| of_family(&name))
}

/// Headers that begin alike.
fn of_family(name: &str) -> Option<&'static str> {
    Some(match name {
        _ if name.starts_with("access-control-") => {
            "tells scripts of other origins what they may do here (Fetch, CORS)"
        }
        _ if name.starts_with("sec-ch-") => {
            "a client hint: what the browser tells about itself when asked (RFC 8942)"
        }
        _ if name.starts_with("sec-") => "set by the browser, which no script can forge (Fetch)",
        _ if name.starts_with("cf-") => "from Cloudflare, which stands before the server",
        _ if name.starts_with("x-amz-") || name.starts_with("x-amzn-") => "from Amazon's services",
        _ if name.starts_with("x-goog-") => "from Google's services",
        _ if name.starts_with("x-ms-") || name.starts_with("x-azure-") => {
            "from Microsoft's services"
        }
        _ if name.starts_with("x-b3-") => "of which trace the request is a part (Zipkin)",
        _ if name.starts_with("x-fastly-") || name.starts_with("fastly-") => {
            "from Fastly, which stands before the server"
        }
        _ if name.starts_with("x-akamai-") || name.starts_with("akamai-") => {
            "from Akamai, which stands before the server"
        }
        _ if name.starts_with("x-vercel-") => "from Vercel, where the site runs",
        _ if name.starts_with("x-nf-") => "from Netlify, where the site runs",
        _ if name.starts_with("x-github-") => "from GitHub",
        _ if name.starts_with("x-envoy-") => "from Envoy, a proxy before the server",
        _ if name.starts_with("x-accel-") => "what nginx is to do with it; it should not get out",
        _ if name.starts_with("x-ratelimit-") || name.starts_with("ratelimit") => {
            "how many requests are left before the server refuses more"
        }
        _ => return None,
    })
}

/// In the order of the alphabet, in small letters.
#[rustfmt::skip]
const GLOSSARY: &[(&str, &str)] = &[
    ("a-im", "asks for what changed since a version only (RFC 3229)"),
    ("accept", "which media types are wanted, and how much each (RFC 9110 §12.5.1)"),
    ("accept-ch", "which client hints the server wants from now on (RFC 8942)"),
    ("accept-charset", "which charsets are wanted; servers pass it over (RFC 9110 §12.5.2)"),
    ("accept-datetime", "asks for how it was at that time (RFC 7089)"),
    ("accept-encoding", "which content codings can be undone here (RFC 9110 §12.5.3)"),
    ("accept-language", "which languages a person prefers (RFC 9110 §12.5.4)"),
    ("accept-patch", "which media types a PATCH here may have (RFC 5789)"),
    ("accept-post", "which media types a POST here may have (W3C)"),
    ("accept-ranges", "whether parts of it can be asked for: bytes, or none (RFC 9110 §14.3)"),
    ("accept-signature", "asks for a signature of the message (RFC 9421)"),
    ("access-control-allow-credentials", "whether scripts of another origin may send cookies along (Fetch)"),
    ("access-control-allow-headers", "which headers scripts of another origin may send (Fetch)"),
    ("access-control-allow-methods", "which methods scripts of another origin may use (Fetch)"),
    ("access-control-allow-origin", "whose scripts may read this answer; * is anybody's (Fetch)"),
    ("access-control-expose-headers", "which headers scripts of another origin may read (Fetch)"),
    ("access-control-max-age", "for how many seconds a preflight is good (Fetch)"),
    ("access-control-request-headers", "a preflight: which headers the script wants to send (Fetch)"),
    ("access-control-request-method", "a preflight: which method the script wants to use (Fetch)"),
    ("age", "seconds since the server made it: it comes from a cache on the way (RFC 9111 §5.1)"),
    ("allow", "which methods can be used here (RFC 9110 §10.2.1)"),
    ("alt-svc", "where else the same is served, such as over HTTP/3 (RFC 7838)"),
    ("alt-used", "at which other place it is asked for, as Alt-Svc said (RFC 7838 §5)"),
    ("authentication-info", "what the server says behind a login (RFC 9110 §11.6.3)"),
    ("authorization", "proves who asks (RFC 9110 §11.6.2)"),
    ("available-dictionary", "the hash of a dictionary that is here, to compress with (RFC 9842)"),
    ("baggage", "what services hand on to each other about a request (W3C)"),
    ("cache-control", "who may store it and for how long; in a request, what a cache may answer (RFC 9111 §5.2)"),
    ("cache-status", "how each cache on the way dealt with it (RFC 9211)"),
    ("cdn-cache-control", "Cache-Control for caches that the server's owner pays for (RFC 9213)"),
    ("cdn-loop", "which networks of caches it went through, so that it goes in no circle (RFC 8586)"),
    ("cf-cache-status", "whether Cloudflare's cache had it: HIT, MISS, DYNAMIC …"),
    ("cf-ray", "a number under which Cloudflare's logs know this request, and where it was answered"),
    ("clear-site-data", "which stored data of this site the browser deletes (W3C)"),
    ("connection", "about this connection only: close ends it behind this message (RFC 9110 §7.6.1)"),
    ("content-digest", "a checksum of the bytes of this body (RFC 9530)"),
    ("content-disposition", "whether it is shown or saved, and under which name (RFC 6266)"),
    ("content-encoding", "how the body is compressed; the type is of what comes out (RFC 9110 §8.4)"),
    ("content-language", "for whom it is written (RFC 9110 §8.5)"),
    ("content-length", "how many bytes the body has, as it goes over the wire (RFC 9110 §8.6)"),
    ("content-location", "where exactly this version of it is (RFC 9110 §8.7)"),
    ("content-md5", "a checksum of the body, of old"),
    ("content-range", "which part of the whole this is (RFC 9110 §14.4)"),
    ("content-security-policy", "from where the page may load what, against injected scripts (W3C CSP)"),
    ("content-security-policy-report-only", "a policy that is reported on and not held (W3C CSP)"),
    ("content-type", "what the body is, and in which charset (RFC 9110 §8.3)"),
    ("cookie", "what the server gave to be brought back, to know this client by (RFC 6265bis §5.8)"),
    ("critical-ch", "client hints without which the page is to be asked for again (W3C)"),
    ("cross-origin-embedder-policy", "whether the page loads only what lets itself be loaded (HTML)"),
    ("cross-origin-embedder-policy-report-only", "a policy that is reported on and not held (HTML)"),
    ("cross-origin-opener-policy", "whether windows of other origins keep a hold of the page (HTML)"),
    ("cross-origin-opener-policy-report-only", "a policy that is reported on and not held (HTML)"),
    ("cross-origin-resource-policy", "whose pages may load it (Fetch)"),
    ("date", "when the server made it (RFC 9110 §6.6.1)"),
    ("dav", "what of WebDAV the server can do (RFC 4918)"),
    ("delta-base", "the version that the changes are to be put into (RFC 3229)"),
    ("deprecation", "since when it should not be used any more (RFC 9745)"),
    ("depth", "WebDAV: how far below it this goes (RFC 4918)"),
    ("destination", "WebDAV: where it is copied or moved to (RFC 4918)"),
    ("device-memory", "about how much memory the device has, in GiB (W3C)"),
    ("dictionary-id", "the server's own name for a dictionary (RFC 9842)"),
    ("digest", "a checksum of it, of old; Repr-Digest is the newer (RFC 3230)"),
    ("dnt", "asks not to be tracked; few servers listen"),
    ("document-policy", "what the page does without, such as slow scripts (W3C)"),
    ("downlink", "a client hint: megabits a second, about (W3C)"),
    ("dpr", "a client hint: how many pixels of the screen a CSS pixel has (W3C)"),
    ("early-data", "the request came in the first flight of TLS, and may be a replay (RFC 8470)"),
    ("ect", "a client hint: like which mobile network the connection is (W3C)"),
    ("etag", "names this version, to be asked after with If-None-Match (RFC 9110 §8.8.3)"),
    ("expect", "asks the server to say 100 before the body is sent (RFC 9110 §10.1.1)"),
    ("expect-ct", "asked for certificates in public logs; browsers do so by themselves now (RFC 9163)"),
    ("expires", "until when it is fresh, unless Cache-Control: max-age says another (RFC 9111 §5.3)"),
    ("feature-policy", "what Permissions-Policy was called before (W3C)"),
    ("forwarded", "through which proxies it came, and from whom (RFC 7239)"),
    ("from", "whom to write to about this robot (RFC 9110 §10.1.2)"),
    ("host", "which of the server's sites is meant (RFC 9110 §7.2)"),
    ("http2-settings", "asks to go on in HTTP/2, in clear; no longer used (RFC 7540 §3.2.1)"),
    ("idempotency-key", "the same key once more means: do it once only"),
    ("if-match", "do it only if this is still the version: nobody's change is lost (RFC 9110 §13.1.1)"),
    ("if-modified-since", "send it only if it changed since; 304 if not (RFC 9110 §13.1.3)"),
    ("if-none-match", "send it only if the version is another; 304 if not (RFC 9110 §13.1.2)"),
    ("if-range", "the part if it is still this version, all of it if not (RFC 9110 §13.1.5)"),
    ("if-unmodified-since", "do it only if it did not change since (RFC 9110 §13.1.4)"),
    ("im", "how the changes are written down (RFC 3229)"),
    ("keep-alive", "how long the server keeps the connection, and for how many requests (RFC 2068 §19.7.1)"),
    ("last-event-id", "the last event that came before the connection broke (HTML)"),
    ("last-modified", "when it changed last, to be asked after with If-Modified-Since (RFC 9110 §8.8.2)"),
    ("link", "what belongs to it: what to load early, the next page (RFC 8288)"),
    ("location", "where to go on, or where the new one is (RFC 9110 §10.2.2)"),
    ("lock-token", "WebDAV: which lock is meant (RFC 4918)"),
    ("max-forwards", "how many proxies may hand it on (RFC 9110 §7.6.2)"),
    ("memento-datetime", "how it was at that time (RFC 7089)"),
    ("mime-version", "from mail; it says nothing in HTTP (RFC 9112 §B.1)"),
    ("nel", "whether browsers report errors of the network here (W3C)"),
    ("no-vary-search", "which parts of the query make no difference to a cache"),
    ("origin", "which site the request comes from (Fetch)"),
    ("origin-agent-cluster", "whether the page gets a process apart from its site's others (HTML)"),
    ("overwrite", "WebDAV: whether what is there may be replaced (RFC 4918)"),
    ("p3p", "a privacy policy for old Internet Explorers"),
    ("permissions-policy", "which powers of the browser the page and its frames may use (W3C)"),
    ("ping-from", "on which page a link with ping was clicked (HTML)"),
    ("ping-to", "where that link leads (HTML)"),
    ("pragma", "no-cache, for caches of the nineties (RFC 9111 §5.4)"),
    ("prefer", "what the client would like, and the server need not do (RFC 7240)"),
    ("preference-applied", "what of Prefer the server did (RFC 7240)"),
    ("priority", "how urgent it is, and whether parts of it are of use (RFC 9218)"),
    ("proxy-authenticate", "how to prove to the proxy who asks (RFC 9110 §11.7.1)"),
    ("proxy-authentication-info", "what the proxy says behind a login (RFC 9110 §11.7.3)"),
    ("proxy-authorization", "proves to the proxy who asks (RFC 9110 §11.7.2)"),
    ("proxy-connection", "a mistake of old browsers: Connection is meant (RFC 9112 §C.2.2)"),
    ("proxy-status", "how each proxy on the way dealt with it, and what went wrong (RFC 9209)"),
    ("public-key-pins", "once pinned certificates; browsers pass it over (RFC 7469)"),
    ("purpose", "prefetch: nobody clicked yet; Sec-Purpose is the newer"),
    ("range", "which part is wanted (RFC 9110 §14.2)"),
    ("referer", "which page led here (RFC 9110 §10.1.3)"),
    ("referrer-policy", "how much of this address pages that it leads to are told (W3C)"),
    ("refresh", "the browser loads it, or another, again after so many seconds (HTML)"),
    ("report-to", "where browsers send reports to (W3C)"),
    ("reporting-endpoints", "where browsers send reports to (W3C)"),
    ("repr-digest", "a checksum of the whole, before it is cut into parts (RFC 9530)"),
    ("retry-after", "when to ask again: a date, or in seconds (RFC 9110 §10.2.3)"),
    ("rtt", "a client hint: how long a round trip takes, about, in ms (W3C)"),
    ("save-data", "asks for less data, where the connection is dear (W3C)"),
    ("sec-fetch-dest", "what it is loaded as: document, script, image … (W3C Fetch Metadata)"),
    ("sec-fetch-mode", "how it is loaded: navigate, cors, no-cors … (W3C Fetch Metadata)"),
    ("sec-fetch-site", "how far the asking site is from this one (W3C Fetch Metadata)"),
    ("sec-fetch-storage-access", "whether cookies of this site go along although another's page asks (W3C)"),
    ("sec-fetch-user", "a person's click led here (W3C Fetch Metadata)"),
    ("sec-gpc", "asks not to sell or share what is learnt about the person (W3C)"),
    ("sec-purpose", "prefetch: nobody clicked yet (Fetch)"),
    ("sec-websocket-accept", "proves that the server speaks WebSocket (RFC 6455)"),
    ("sec-websocket-extensions", "what of WebSocket both do besides, such as compression (RFC 6455)"),
    ("sec-websocket-key", "what the server answers with Sec-WebSocket-Accept (RFC 6455)"),
    ("sec-websocket-protocol", "what is spoken over WebSocket (RFC 6455)"),
    ("sec-websocket-version", "which version of WebSocket; it is 13 (RFC 6455)"),
    ("server", "with which software it is served (RFC 9110 §10.2.4)"),
    ("server-timing", "how long the server took for what; the Timing tab shows it (W3C)"),
    ("service-worker-allowed", "how far a service worker of this path may reach (W3C)"),
    ("set-cookie", "a cookie to be kept and brought back; the Cookies tab explains it (RFC 6265bis §5.6)"),
    ("signature", "signs parts of the message (RFC 9421)"),
    ("signature-input", "which parts are signed, with which key (RFC 9421)"),
    ("sourcemap", "where the source is that a script was made of (ECMA-426)"),
    ("speculation-rules", "where it stands which links the browser may load early (HTML)"),
    ("strict-transport-security", "from now on this host over https only, for so many seconds (RFC 6797)"),
    ("sunset", "when it will go away (RFC 8594)"),
    ("supports-loading-mode", "how the page lets itself be loaded early (HTML)"),
    ("surrogate-control", "Cache-Control for caches before the server, of old"),
    ("surrogate-key", "under which names a cache before the server can be told to forget it"),
    ("te", "which transfer codings can be undone, and whether trailers are taken (RFC 9110 §10.1.4)"),
    ("timing-allow-origin", "whose scripts may see how long it took (W3C Resource Timing)"),
    ("tk", "whether a wish not to be tracked is respected"),
    ("traceparent", "of which trace the request is a part, and under whom (W3C Trace Context)"),
    ("tracestate", "what each tracing system hands on (W3C Trace Context)"),
    ("trailer", "which fields come behind the body (RFC 9110 §6.6.2)"),
    ("transfer-encoding", "how the body is cut up on this connection: chunked is in pieces (RFC 9112 §6.1)"),
    ("upgrade", "to which other protocol to change (RFC 9110 §7.8)"),
    ("upgrade-insecure-requests", "https is preferred where there is one (W3C)"),
    ("use-as-dictionary", "later answers may be compressed with this one (RFC 9842)"),
    ("user-agent", "which software asks (RFC 9110 §10.1.5)"),
    ("vary", "on which request headers the answer depends: a cache keeps one for each (RFC 9110 §12.5.5)"),
    ("via", "through which proxies it came (RFC 9110 §7.6.3)"),
    ("viewport-width", "a client hint: how wide the window is (W3C)"),
    ("want-content-digest", "asks for a checksum of the body (RFC 9530)"),
    ("want-repr-digest", "asks for a checksum of the whole (RFC 9530)"),
    ("warning", "something that was odd on the way; nobody sends it any more (RFC 9111 §5.5)"),
    ("www-authenticate", "how to prove who asks (RFC 9110 §11.6.1)"),
    ("x-amz-cf-id", "a number under which CloudFront's logs know this request"),
    ("x-amz-cf-pop", "where CloudFront answered it"),
    ("x-api-key", "proves which program asks"),
    ("x-aspnet-version", "with which version of ASP.NET it was made"),
    ("x-cache", "whether a cache on the way had it"),
    ("x-cache-hits", "how often a cache on the way gave it out"),
    ("x-cache-status", "whether a cache on the way had it"),
    ("x-client-data", "which of Chrome's trials this browser is in; Google's sites are told"),
    ("x-cloud-trace-context", "of which trace the request is a part, in Google's cloud"),
    ("x-content-security-policy", "what Content-Security-Policy was called before"),
    ("x-content-type-options", "nosniff: Content-Type is to be believed, whatever the body looks like (Fetch)"),
    ("x-correlation-id", "a number under which logs know this request"),
    ("x-csrf-token", "proves that a page of this site sent the form"),
    ("x-dns-prefetch-control", "whether hosts that the page names are looked up early"),
    ("x-download-options", "noopen: old Internet Explorers are to save it only"),
    ("x-forwarded-for", "who asked the proxy before this one"),
    ("x-forwarded-host", "which host the client asked for, before a proxy"),
    ("x-forwarded-port", "at which port the client asked, before a proxy"),
    ("x-forwarded-proto", "whether the client came over https, before a proxy"),
    ("x-forwarded-server", "which proxy it came through"),
    ("x-frame-options", "who may show the page in a frame (RFC 7034)"),
    ("x-generator", "with which software the page was made"),
    ("x-http-method-override", "the method that is meant, where only POST goes through"),
    ("x-permitted-cross-domain-policies", "what Flash and PDF readers may load from here"),
    ("x-pingback", "where other blogs tell that they link here"),
    ("x-powered-by", "with which software it was made"),
    ("x-real-ip", "who asked the proxy before this one"),
    ("x-request-id", "a number under which logs know this request"),
    ("x-requested-with", "a script asks, and no form of another site could say so"),
    ("x-robots-tag", "what search engines may do with it"),
    ("x-runtime", "how many seconds the server worked on it"),
    ("x-served-by", "which machine of a cache on the way gave it out"),
    ("x-timer", "when Fastly began, and how many ms it took"),
    ("x-trace-id", "a number under which logs know this request"),
    ("x-ua-compatible", "as which old Internet Explorer it wants to be shown"),
    ("x-varnish", "numbers under which Varnish, a cache before the server, knows it"),
    ("x-webkit-csp", "what Content-Security-Policy was called before"),
    ("x-xsrf-token", "proves that a page of this site sent the form"),
    ("x-xss-protection", "switched a filter of old browsers; 0 is best"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_order_and_its_sentences_fit_a_line() {
        assert!(GLOSSARY.is_sorted_by(|(a, _), (b, _)| a < b));
        for (name, words) in GLOSSARY {
            assert_eq!(*name, name.to_ascii_lowercase());
            let width = name.len() + words.chars().count();
            assert!(width <= 120, "{name}: {width}");
        }
    }

    #[test]
    fn headers_are_known_in_any_case_and_by_family() {
        assert!(meaning("VARY").unwrap().contains("depends"));
        assert!(meaning("Sec-CH-UA-Mobile").unwrap().contains("client hint"));
        assert!(meaning("Access-Control-Request-Method").is_some());
        assert_eq!(meaning("X-Mine"), None);
    }
}
