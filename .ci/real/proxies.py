#!/usr/bin/env python3
"""Through tinyproxy and microsocks: http, https, names and passwords, and what they refuse.

Usage: proxies.py PATH-TO-BINARY
"""

import http.server
import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

from proof import Running, check, free_port, ok

SECRET = "geheim-4711"


class Site(http.server.BaseHTTPRequestHandler):
    """Says hello, and keeps its connections."""

    protocol_version = "HTTP/1.1"
    seen = []

    def do_GET(self):  # noqa: N802
        Site.seen.append((self.path, dict(self.headers)))
        self.send_response(200)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *_):
        pass


def tinyproxy(work, *more):
    port = free_port()
    config = work / f"tinyproxy-{port}.conf"
    lines = [f"Port {port}", "Listen 127.0.0.1", "Timeout 30", "MaxClients 50", "DisableViaHeader Yes", *more]
    config.write_text("\n".join(lines) + "\n")
    return Running(port, "tinyproxy", "-d", "-c", config)


def microsocks(*more):
    port = free_port()
    return Running(port, "microsocks", "-i", "127.0.0.1", "-p", port, *more)


def fetch(program, words, environment=None):
    bare = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    ran = subprocess.run([program, "--headless", "--format", "ndjson", *map(str, words)], capture_output=True, text=True,
                         timeout=60, check=False, env={**bare, **(environment or {})})
    check(SECRET not in ran.stdout + ran.stderr, "the password is told")
    facts = [json.loads(line) for line in ran.stdout.splitlines()]
    check(facts, f"nothing was told: {ran.stderr}")
    failed = []
    for fact in facts:
        if fact["fact"] == "request_ended":
            verdict = fact["verdict"]
            failed.append(verdict["failed"]["words"] if isinstance(verdict, dict) else None)
    return facts, failed


def told(facts, name):
    return [fact for fact in facts if fact["fact"] == name]


def statuses(facts):
    return [fact["head"]["status"] for fact in told(facts, "head_received")]


def stages(facts):
    return {fact["stage"] for fact in told(facts, "stage_began")}


def main():
    check(len(sys.argv) == 2, __doc__)
    program = str(Path(sys.argv[1]).resolve())
    site = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=site.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        secure = free_port()
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                        "-keyout", work / "key", "-out", work / "cert"], check=True, capture_output=True)
        with Running(secure, "openssl", "s_server", "-accept", f"127.0.0.1:{secure}", "-www", "-cert", work / "cert",
                     "-key", work / "key"):
            urls = (f"http://127.0.0.1:{site.server_port}/", f"https://127.0.0.1:{secure}/", "--cacert", work / "cert")
            over_http(program, work, urls)
            over_socks(program, urls)


def over_http(program, work, urls):
    with tinyproxy(work) as proxy:
        way = f"http://127.0.0.1:{proxy.port}"
        facts, failed = fetch(program, [*urls, "-x", way])
        check(failed == [None, None] and statuses(facts) == [200, 200], f"through {way}: {failed}")
        check({fact["via"] for fact in told(facts, "connection_planned")} == {way}, "via is not told")
        check([fact["asked"] for fact in told(facts, "proxy_answered")] == [f"CONNECT {urls[1].split('/')[2]}"],
              "what the proxy was asked is not told")
        check("proxy" in stages(facts), "the proxy is no stage")
        asked = told(facts, "request_sent")
        check({fact["head"]["target"] for fact in asked} == {urls[0], "/"}, "not the whole URL")
        ok("http and https through tinyproxy")
        names = {"http_proxy": way, "HTTPS_PROXY": way}
        facts, failed = fetch(program, urls, names)
        check(failed == [None, None] and all("via" in fact for fact in told(facts, "connection_planned")),
              "the environment is not obeyed")
        facts, failed = fetch(program, urls, {**names, "no_proxy": "127.0.0.0/8"})
        check(failed == [None, None] and not any("via" in fact for fact in told(facts, "connection_planned")),
              "no_proxy is not obeyed")
        ok("http_proxy, HTTPS_PROXY and no_proxy are obeyed")
    with tinyproxy(work, "ConnectPort 1") as proxy:
        _, failed = fetch(program, [*urls[1:], "-x", f"127.0.0.1:{proxy.port}"])
        check(re.search("would not connect to .*: 403", failed[0] or ""), f"a tunnel that is not allowed: {failed}")
        ok(f"a tunnel that is not allowed: {failed[0]}")
    with tinyproxy(work, f"BasicAuth me {SECRET}") as proxy:
        facts, failed = fetch(program, [*urls, "-x", f"http://me:{SECRET}@127.0.0.1:{proxy.port}"])
        check(failed == [None, None] and statuses(facts) == [200, 200], f"with a password: {failed}")
        facts, failed = fetch(program, [*urls, "-x", f"127.0.0.1:{proxy.port}"])
        check(failed[0] is None or failed[1] is None, f"http is answered: {failed}")
        words = next(words for words in failed if words)
        check("wants a name and a password" in words, f"without a password: {words}")
        check(any("wants a name" in fact["words"] for fact in told(facts, "remarked")), "a 407 is not remarked on")
        _, failed = fetch(program, [*urls[1:], "-x", f"http://me:other@127.0.0.1:{proxy.port}"])
        check("did not accept" in (failed[0] or ""), f"with another password: {failed}")
        ok(f"passwords: {words}; {failed[0]}")
    nobody = free_port()
    _, failed = fetch(program, [*urls, "-x", f"127.0.0.1:{nobody}"])
    check(all("cannot be reached" in (words or "") for words in failed), f"nobody there: {failed}")
    ok(f"nobody there: {failed[0]}")


def over_socks(program, urls):
    with microsocks() as proxy:
        for kind in ["socks5", "socks5h"]:
            facts, failed = fetch(program, [*urls, "-x", f"{kind}://127.0.0.1:{proxy.port}"])
            check(failed == [None, None] and len(told(facts, "proxy_answered")) == 2, f"{kind}: {failed}")
        localhost = [urls[1].replace("127.0.0.1", "localhost"), *urls[2:]]
        facts, failed = fetch(program, [*localhost, "-x", f"socks5h://127.0.0.1:{proxy.port}"])
        check(failed == [None], f"a name for microsocks: {failed}")
        check(told(facts, "name_resolved")[0]["names"] == "by_proxy", "the proxy is not said to look up")
        ok("socks5 and socks5h through microsocks")
        nobody = free_port()
        _, failed = fetch(program, [f"http://127.0.0.1:{nobody}/", "-x", f"socks5://127.0.0.1:{proxy.port}"])
        check("would not connect" in (failed[0] or ""), f"nobody behind it: {failed}")
        ok(f"nobody behind it: {failed[0]}")
    with microsocks("-u", "me", "-P", SECRET) as proxy:
        _, failed = fetch(program, [*urls, "-x", f"socks5h://me:{SECRET}@127.0.0.1:{proxy.port}"])
        check(failed == [None, None], f"with a password: {failed}")
        said = []
        for who in ["", "me:other@"]:
            _, failed = fetch(program, [*urls[1:], "-x", f"socks5h://{who}127.0.0.1:{proxy.port}"])
            check("name and" in (failed[0] or ""), f"{who}: {failed}")
            said.append(failed[0])
        ok(f"passwords: {'; '.join(said)}")


if __name__ == "__main__":
    main()
