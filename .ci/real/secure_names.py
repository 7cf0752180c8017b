#!/usr/bin/env python3
"""Names over TLS and HTTPS, from dnsdist and unbound.

Usage: secure_names.py PATH-TO-BINARY

It needs root to give one run a resolv.conf of its own; without, it says that this part was skipped.
"""

import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from proof import check, free_ports, ok

# Where the system's own name server of the last part is; its port is 53 by nature.
SYSTEM = "127.0.0.77"
NAME = "dns.test"


def certificates(work):
    """An authority, a server's certificate of it for NAME and 127.0.0.1, and one that is over."""
    def openssl(*words):
        subprocess.run(["openssl", *words], cwd=work, check=True, capture_output=True)

    key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes")
    openssl("req", "-x509", *key, "-days", "9", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=authority")
    openssl("req", *key, "-keyout", "server.key", "-out", "server.csr", "-subj", f"/CN={NAME}")
    (work / "extensions").write_text(f"subjectAltName=DNS:{NAME},IP:127.0.0.1\nextendedKeyUsage=serverAuth\n")
    for name, days in (("server", "9"), ("over", "-1")):
        openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
                "-days", days, "-extfile", "extensions", "-out", f"{name}.pem")


def servers(work, known, plain, https, tls, unbound, unbound_https, over):
    pair = lambda name: f'"{work}/{name}.pem", "{work}/server.key"'
    (work / "dnsdist.conf").write_text(f"""
setLocal("127.0.0.1:{plain}")
newServer({{address="127.0.0.1:{known}", healthCheckMode="up"}})
addDOHLocal("127.0.0.1:{https}", {pair("server")}, "/dns-query")
addTLSLocal("127.0.0.1:{tls}", {pair("server")})
addTLSLocal("127.0.0.1:{over}", {pair("over")})
""")
    (work / "unbound.conf").write_text(f"""
server:
  directory: "{work}"
  chroot: ""
  username: ""
  pidfile: ""
  use-syslog: no
  do-daemonize: no
  interface: 127.0.0.1@{unbound}
  interface: 127.0.0.1@{unbound_https}
  tls-port: {unbound}
  https-port: {unbound_https}
  tls-service-key: "{work}/server.key"
  tls-service-pem: "{work}/server.pem"
  local-zone: "test." static
  local-data: "end.test. 60 A 127.0.0.1"
remote-control:
  control-enable: no
""")
    dnsmasq = ["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--no-resolv", "--no-hosts", "--bind-interfaces",
               "--pid-file=", "--user=root"]
    started = [
        [*dnsmasq, f"--port={known}", "--listen-address=127.0.0.1", "--host-record=end.test,127.0.0.1,90",
         "--cname=alias.test,end.test,40"],
        ["dnsdist", "-C", str(work / "dnsdist.conf"), "--supervised"],
        ["unbound", "-c", str(work / "unbound.conf")],
    ]
    if os.geteuid() == 0:
        started.append([*dnsmasq, "--port=53", f"--listen-address={SYSTEM}", f"--host-record={NAME},127.0.0.1,60"])
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return [subprocess.Popen(command, **quiet) for command in started]


def wait_for(*ports):
    for port in ports:
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                time.sleep(0.1)
        else:
            sys.exit(f"error: nobody listens at {port}")


def run(work, program, server, *hosts, before=()):
    """The facts of a run for these hosts; nobody listens at the port that they are fetched from."""
    urls = [f"http://{host}:1/" for host in hosts]
    command = [*before, program, "--cacert", str(work / "ca.pem"), "--allow-port", "1", "--format", "ndjson",
               "--dns", server, *urls]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    check(done.returncode == 1, f"{server}: exit code {done.returncode}: {done.stderr}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def of(facts, name):
    return [fact for fact in facts if fact["fact"] == name]


def answered(work, program, server, over, named):
    """Two names are found over one line."""
    facts = run(work, program, server, "alias.test", "end.test")
    sent, ended = of(facts, "query_sent"), of(facts, "query_ended")
    check(len(sent) == 4 and {one["over"] for one in sent} == {over}, f"{server}: {sent}")
    check({one.get("server_name") for one in sent} == {named}, f"{server}: {sent}")
    lines = [one["line"] for one in ended if "line" in one]
    check(len(lines) == 1 and lines[0]["version"] == "TLS 1.3" and lines[0]["tls_us"] > 0, f"{server}: {lines}")
    check(all("answered" in one["reply"] for one in ended), f"{server}: {ended}")
    kinds = [one["kind"] for end in ended for one in end["reply"]["answered"]["records"]]
    check("CNAME" in kinds and "A" in kinds, f"{server}: {kinds}")
    line = lines[0]
    ok(f"{server}: four questions, one line (TCP {line['connect_us']} us, TLS {line['tls_us']} us)")


def over_http2(work, program, server):
    """A server that knows no HTTP/1.1."""
    ended = of(run(work, program, server, "end.test"), "query_ended")
    lines = [one["line"]["alpn"] for one in ended if "line" in one]
    check(lines == ["h2"], f"{server}: {lines}")
    values = [one["value"] for end in ended for one in end["reply"]["answered"]["records"]]
    check("127.0.0.1" in values, f"{server}: {values}")
    ok(f"{server}: over HTTP/2")


def refused(work, program, server, words):
    facts = run(work, program, server, "end.test")
    told = json.dumps(of(facts, "request_ended"))
    check(words in told, f"{server}: {told}, not {words}")
    ok(f"{server}: {words}")


def bootstrapped(work, program, tls):
    """A server with a name is looked for by the system's name servers, which is told."""
    if os.geteuid() != 0:
        print("SKIPPED: a resolv.conf of its own for one run (root is needed)", flush=True)
        return
    (work / "resolv.conf").write_text(f"nameserver {SYSTEM}\noptions edns0 trust-ad nobody:knows\n")
    own = ["unshare", "--mount", "sh", "-c", f'mount --bind {work}/resolv.conf /etc/resolv.conf && exec "$@"', "sh"]
    facts = run(work, program, f"tls://{NAME}:{tls}", "end.test", before=own)
    asked = [(one["name"], one["server"], one["over"]) for one in of(facts, "query_sent")]
    first = (NAME, f"{SYSTEM}:53", "udp")
    check(asked[:2] == [first, first], f"{NAME} is looked for first: {asked}")
    rest = ("end.test", f"127.0.0.1:{tls}", "tls")
    check(asked[2:] == [rest, rest], f"then it is asked: {asked}")
    ok(f"{NAME} was found by {SYSTEM} first")


def main():
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        certificates(work)
        known, plain, https, tls, unbound, unbound_https, over = free_ports(7)
        started = servers(work, known, plain, https, tls, unbound, unbound_https, over)
        try:
            wait_for(known, https, tls, unbound, unbound_https, over)
            answered(work, program, f"https://127.0.0.1:{https}/dns-query", "https", None)
            answered(work, program, f"https://127.0.0.1:{https}/dns-query{{?dns}}", "https", None)
            answered(work, program, f"tls://127.0.0.1:{tls}#{NAME}", "tls", NAME)
            refused(work, program, f"tls://127.0.0.1:{unbound}#other.test", f"is not for other.test, but for {NAME}")
            refused(work, program, f"tls://127.0.0.1:{over}", "is not trusted: ")
            refused(work, program, f"https://127.0.0.1:{https}/other", "answered HTTP 404")
            refused(work, program, f"tls://127.0.0.1:{plain}", "could not be asked over TLS")
            over_http2(work, program, f"https://127.0.0.1:{unbound_https}/dns-query")
            facts = run(work, program, f"tls://127.0.0.1:{unbound}", "no.test")
            check("NXDOMAIN" in json.dumps(of(facts, "request_ended")), "unbound knows no.test")
            ok("unbound answers NXDOMAIN over TLS")
            bootstrapped(work, program, tls)
        finally:
            for one in started:
                one.terminate()
                one.wait()


if __name__ == "__main__":
    main()
