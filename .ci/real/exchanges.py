#!/usr/bin/env python3
"""One exchange of each kind with a real server: the same as curl's, and on the connections that the server saw.

Usage: exchanges.py PATH-TO-BINARY nginx|apache|caddy|python|haproxy

It needs no rights, takes free ports, writes to a temporary directory only and ends what it started.
"""

import base64
import collections
import gzip
import hashlib
import http.server
import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from proof import check, free_ports, ok

# Bytes of the files; none of them looks like another.
SIZES = [0, 1, 13, 1024, 65535, 65536, 65537, 1 << 20, 3_000_001]
# The frugal port keeps a connection for so many requests.
FEW = 3
MANY = 20
# Nothing here takes longer.
PATIENCE = 20
ASKED = {"Connection": "keep-alive", "User-Agent": "exchanges", "Accept": "*/*"}
# What differs from one answer to the next.
CHANGING = {"date", "keep-alive", "age"}


def openssl(work, *arguments):
    done = subprocess.run(["openssl", *arguments], cwd=work, capture_output=True, text=True, check=False)
    check(done.returncode == 0, f"openssl {arguments[0]}: {done.stderr}")


def certify(work):
    """A certificate for 127.0.0.1, and the authority that signed it."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    openssl(
        work, "req", "-x509", *key, "-days", "2", "-subj", "/CN=netwaterfall test authority",
        "-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign",
        "-keyout", "ca.key", "-out", "ca.pem",
    )
    openssl(work, "req", "-new", *key, "-subj", "/CN=localhost", "-keyout", "server.key", "-out", "server.csr")
    extensions = "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\n"
    (work / "server.ext").write_text(extensions)
    openssl(
        work, "x509", "-req", "-in", "server.csr", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
        "-days", "2", "-extfile", "server.ext", "-out", "server.pem",
    )
    both = (work / "server.pem").read_text() + (work / "server.key").read_text()
    (work / "both.pem").write_text(both)


def lay_out(site):
    """The files; a text that is worth compressing is among them."""
    site.mkdir()
    for n, size in enumerate(SIZES):
        seed = hashlib.sha256(str(n).encode()).digest()
        (site / f"{n:02}.bin").write_bytes((seed * (size // len(seed) + 1))[:size])
    lines = (f"{n} {hashlib.sha256(str(n).encode()).hexdigest()}\n" for n in range(4000))
    (site / "text.txt").write_text("".join(lines))
    for file in site.iterdir():
        # A file that was changed just now has no strong validator.
        os.utime(file, (1_600_000_000, 1_600_000_000))


class Server:
    """A server at work: where it is, and what it saw."""

    schemes = ["http", "https"]
    has_ranges = True
    # Whether its frugal port ends a connection after FEW requests, rather than after a while.
    counts = True
    # As many requests as its frugal connections carry.
    carries = FEW

    def __init__(self, work):
        self.work, self.site, self.log = work, work / "site", work / "access.log"
        self.http, self.https, self.few = free_ports(3)
        self.log.touch()
        self.process = None

    def url(self, scheme, path):
        return f"{scheme}://127.0.0.1:{getattr(self, scheme)}{path}"

    def spawn(self, *command, **options):
        name = shutil.which(command[0], path=os.environ["PATH"] + ":/usr/sbin:/sbin")
        with open(self.work / "server.log", "ab") as out:
            self.process = subprocess.Popen([name, *command[1:]], cwd=self.work, stdout=out, stderr=out, **options)

    def await_start(self):
        end = time.monotonic() + PATIENCE
        for port in [self.http, self.few] + [self.https] * ("https" in self.schemes):
            while socket.socket().connect_ex(("127.0.0.1", port)) != 0:
                said = (self.work / "server.log").read_text(errors="replace") if self.process else ""
                is_alive = self.process is None or self.process.poll() is None
                check(is_alive and time.monotonic() < end, f"the server did not start: {said}")
                time.sleep(0.05)

    def stop(self):
        if self.process:
            self.process.terminate()
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()

    def read(self, line):
        """Port of the client, status and target of a line of the log."""
        port, status, target = line.split()
        return int(port), int(status), target

    def seen(self, skipped, count):
        """The next `count` lines of the log; they may come late."""
        end = time.monotonic() + PATIENCE
        lines = []
        while len(lines) < count and time.monotonic() < end:
            lines = self.logged()[skipped:]
            time.sleep(0.05)
        return [self.read(line) for line in lines]

    def logged(self):
        """The lines of the log; what the server says otherwise is not among them."""
        lines = self.log.read_text().splitlines(keepends=True)
        return [line for line in lines if line.endswith("\n") and line[0] in "{0123456789"]


class Nginx(Server):
    def start(self):
        work = self.work
        (work / "tmp").mkdir()
        temporary = "".join(
            f"    {kind}_temp_path {work}/tmp/{kind};\n"
            for kind in ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        )
        (work / "nginx.conf").write_text(f"""
daemon off;
pid {work}/nginx.pid;
error_log stderr warn;
{"user root;" if os.getuid() == 0 else ""}
events {{}}
http {{
{temporary}
    log_format checked '$remote_port $status $request_uri';
    access_log {self.log} checked;
    root {self.site};
    types {{ text/plain txt; }}
    gzip on;
    gzip_types text/plain;
    ssl_certificate {work}/server.pem;
    ssl_certificate_key {work}/server.key;
    server {{
        listen 127.0.0.1:{self.http};
        listen 127.0.0.1:{self.https} ssl;
    }}
    server {{
        listen 127.0.0.1:{self.few};
        keepalive_requests {FEW};
    }}
}}
""")
        self.spawn("nginx", "-e", "stderr", "-c", str(work / "nginx.conf"))


class Apache(Server):
    # It counts how often it keeps a connection, not how many requests came.
    carries = FEW + 1

    def start(self):
        work = self.work
        modules = Path("/usr/lib/apache2/modules")
        names = "mpm_event authz_core mime filter deflate ssl socache_shmcb".split()
        load = "\n".join(f"LoadModule {name}_module {modules}/mod_{name}.so" for name in names)
        (work / "apache.conf").write_text(f"""
ServerRoot {work}
ServerName localhost
PidFile {work}/apache.pid
DefaultRuntimeDir {work}
{load}
{"User nobody" if os.getuid() == 0 else ""}
{"Group nogroup" if os.getuid() == 0 else ""}
ErrorLog {work}/server.log
LogFormat "%{{remote}}p %>s %U%q" checked
CustomLog {self.log} checked
TypesConfig /dev/null
AddType text/plain .txt
AddOutputFilterByType DEFLATE text/plain
KeepAlive On
MaxKeepAliveRequests 100
DocumentRoot {self.site}
<Directory {self.site}>
    Require all granted
</Directory>
Listen 127.0.0.1:{self.http}
Listen 127.0.0.1:{self.https}
Listen 127.0.0.1:{self.few}
<VirtualHost 127.0.0.1:{self.https}>
    SSLEngine on
    SSLCertificateFile {work}/server.pem
    SSLCertificateKeyFile {work}/server.key
</VirtualHost>
<VirtualHost 127.0.0.1:{self.few}>
    MaxKeepAliveRequests {FEW}
</VirtualHost>
""")
        self.spawn("apache2", "-D", "FOREGROUND", "-f", str(work / "apache.conf"))


class Caddy(Server):
    # It has no limit of requests, but one of idle time.
    counts = False

    def start(self):
        work = self.work
        site = f"""
        root * {self.site}
        encode gzip
        file_server
        log {{
            output file {self.log}
            format json
        }}"""
        (work / "Caddyfile").write_text(f"""
{{
    admin off
    auto_https off
    storage file_system {work}/storage
    servers {{
        protocols h1
    }}
    servers 127.0.0.1:{self.few} {{
        protocols h1
        timeouts {{
            idle 300ms
        }}
    }}
}}
http://127.0.0.1:{self.http} {{
        bind 127.0.0.1{site}
}}
http://127.0.0.1:{self.few} {{
        bind 127.0.0.1{site}
}}
https://127.0.0.1:{self.https} {{
        bind 127.0.0.1
        tls {work}/server.pem {work}/server.key{site}
}}
""")
        home = {**os.environ, "HOME": str(work), "XDG_DATA_HOME": str(work), "XDG_CONFIG_HOME": str(work)}
        self.spawn("caddy", "run", "--adapter", "caddyfile", "--config", str(work / "Caddyfile"), env=home)

    def read(self, line):
        told = json.loads(line)
        return int(told["request"]["remote_port"]), told["status"], told["request"]["uri"]


class Handler(http.server.SimpleHTTPRequestHandler):
    """Python's own, which knows files and dates; gzip, chunks and a limit are added."""

    protocol_version = "HTTP/1.1"
    most = 1000

    def setup(self):
        super().setup()
        self.served = 0

    def send_head(self):
        if "text.txt" in self.path and "gzip" in self.headers.get("Accept-Encoding", ""):
            return self.send_coded()
        return super().send_head()

    def send_coded(self):
        content = gzip.compress(Path(self.directory, "text.txt").read_bytes(), mtime=0)
        self.send_response(200)
        for field in [("Content-Type", "text/plain"), ("Content-Encoding", "gzip"), ("Transfer-Encoding", "chunked")]:
            self.send_header(*field)
        self.end_headers()
        if self.command == "GET":
            for at in range(0, len(content), 5000):
                piece = content[at : at + 5000]
                self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
            self.wfile.write(b"0\r\n\r\n")

    def end_headers(self):
        self.served += 1
        if self.served == self.most:
            self.send_header("Connection", "close")
        super().end_headers()

    def log_request(self, code="-", size="-"):
        with self.server.lock, open(self.server.log, "a", encoding="utf-8") as log:
            log.write(f"{self.client_address[1]} {int(code)} {self.path}\n")

    def log_message(self, format, *arguments):
        pass


class Quiet(http.server.ThreadingHTTPServer):
    """A client that goes is nothing to speak of."""

    def handle_error(self, request, client_address):
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class Python(Server):
    has_ranges = False

    def start(self):
        lock = threading.Lock()
        for port, most in [(self.http, 1000), (self.https, 1000), (self.few, FEW)]:
            handler = type("Handler", (Handler,), {"most": most})
            serve = lambda *given, handler=handler: handler(*given, directory=str(self.site))
            server = Quiet(("127.0.0.1", port), serve)
            server.log, server.lock = self.log, lock
            if port == self.https:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.work / "both.pem")
                server.socket = context.wrap_socket(server.socket, server_side=True)
            threading.Thread(target=server.serve_forever, daemon=True).start()


class Haproxy(Python):
    """In front of Python's: what it passes on is its own HTTP."""

    counts = False

    def start(self):
        behind = Python(self.work)
        behind.log = self.work / "behind.log"
        behind.start()
        fronts = "".join(
            f"""
frontend {name}
    bind 127.0.0.1:{port} {more}
    timeout http-keep-alive {idle}
    default_backend behind
"""
            for name, port, more, idle in [
                ("plain", self.http, "", "10s"),
                ("secure", self.https, f"ssl crt {self.work}/both.pem", "10s"),
                ("few", self.few, "", "300ms"),
            ]
        )
        (self.work / "haproxy.conf").write_text(f"""
global
    log stdout format raw local0
defaults
    mode http
    log global
    log-format "%cp %ST %HU"
    option dontlognull
    timeout connect 5s
    timeout client 10s
    timeout server 10s
{fronts}
backend behind
    server one 127.0.0.1:{behind.http}
""")
        self.spawn("haproxy", "-db", "-f", str(self.work / "haproxy.conf"))
        self.log = self.work / "server.log"


SERVERS = {"nginx": Nginx, "apache": Apache, "caddy": Caddy, "python": Python, "haproxy": Haproxy}


class Program:
    """The program as a client for another: JSON lines in and out."""

    def __init__(self, program, work, *options):
        command = [program, "pipe", "--cacert", "ca.pem", *options]
        self.process = subprocess.Popen(command, cwd=work, stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def ask(self, identity, url, method="GET", headers=None):
        fields = list({**ASKED, "Accept-Encoding": None, "Accept-Language": None, **(headers or {})}.items())
        line = {"id": identity, "url": url, "method": method, "headers": fields, "cache": "no-store"}
        self.process.stdin.write(json.dumps(line).encode() + b"\n")
        self.process.stdin.flush()

    def result(self):
        """The next result: its id, and what it was."""
        for line in self.process.stdout:
            told = json.loads(line)
            if told["event"] == "result":
                return told["id"], told
        sys.exit("error: the program ended before its last result")

    def results(self, count):
        return dict(self.result() for _ in range(count))

    def end(self):
        self.process.stdin.close()
        check(self.process.wait(PATIENCE) == 0, "the program did not end well")


def body_of(told):
    check(not told.get("cut"), f"{told['url']}: the body was cut")
    return told["body"].encode() if "body" in told else base64.b64decode(told.get("body_b64", ""))


def curled(work, url, method, headers):
    """Status, header fields and body as curl has them."""
    asked = {**ASKED, "Pragma": "no-cache", "Cache-Control": "no-cache", **(headers or {})}
    options = [part for name, value in asked.items() for part in ("-H", f"{name}: {value}")]
    if method == "HEAD":
        options.append("--head")
    for name in ["head", "body"]:
        (work / name).write_bytes(b"")
    command = ["curl", "--silent", "--show-error", "--http1.1", "--cacert", "ca.pem", "--max-time", str(PATIENCE)]
    done = subprocess.run(
        [*command, "-D", "head", "-o", "body", *options, url],
        cwd=work, capture_output=True, text=True, check=False,
    )
    check(done.returncode == 0, f"curl {url}: {done.stderr}")
    status, *lines = (work / "head").read_bytes().decode("latin-1").split("\r\n\r\n")[0].split("\r\n")
    fields = [tuple(re.split(r":[ \t]*", line, maxsplit=1)) for line in lines]
    body = b"" if method == "HEAD" else (work / "body").read_bytes()
    return int(status.split()[1]), fields, body


def alike(fields, body):
    """Fields and body without what each answer makes up for itself."""
    mark = next((value for name, value in fields if name.lower() == "content-type"), "")
    mark = mark.partition("boundary=")[2]
    blank = "x" * len(mark)
    told = [(name, "" if name.lower() in CHANGING else value.replace(mark, blank) if mark else value) for name, value in fields]
    return told, body.replace(mark.encode(), blank.encode()) if mark else body


def requests_of(server, scheme, validators):
    """One request of each kind: its name, path, method and header fields."""
    text = {"Accept-Encoding": "gzip"}
    for n, _ in enumerate(SIZES):
        yield f"file-{n}", f"/{n:02}.bin", "GET", None
    yield "head", "/04.bin", "HEAD", None
    yield "head-of-nothing", "/none", "HEAD", None
    yield "missing", "/none", "GET", None
    yield "plain-text", "/text.txt", "GET", None
    yield "gzip", "/text.txt", "GET", text
    yield "head-of-gzip", "/text.txt", "HEAD", text
    for n, ranges in enumerate(["0-0", "5-9", "-5", "1000-", "99999999-", "0-1,4-5", "65530-99999999"]):
        yield f"range-{n}", "/05.bin", "GET", {"Range": f"bytes={ranges}"}
    for name, value in validators:
        yield f"same-{name}", "/04.bin", "GET", {name: value}
        yield f"head-same-{name}", "/04.bin", "HEAD", {name: value}
    if any(name == "If-None-Match" for name, _ in validators):
        yield "other", "/04.bin", "GET", {"If-None-Match": '"another"'}


def on_connections(log, results):
    """Whether the requests were on connections as the server saw them."""
    by_port, by_connection = collections.defaultdict(set), collections.defaultdict(set)
    for port, _, target in log:
        by_port[port].add(target.partition("?")[2])
    for identity, told in results.items():
        by_connection[told["connection"]].add(identity)
    theirs = sorted(map(sorted, by_port.values()))
    ours = sorted(map(sorted, by_connection.values()))
    check(theirs == ours, f"the server saw {theirs}, and we told {ours}")
    return len(theirs)


def one_of_each(program, server, scheme):
    _, fields, _ = curled(server.work, server.url(scheme, "/04.bin"), "HEAD", None)
    known = {name.lower(): value for name, value in fields}
    validators = [
        (field, known[header])
        for header, field in [("etag", "If-None-Match"), ("last-modified", "If-Modified-Since")]
        if header in known
    ]
    wanted = list(requests_of(server, scheme, validators))
    time.sleep(0.3)
    skipped = len(server.logged())
    client = Program(program, server.work, "--raw-bodies")
    for name, path, method, headers in wanted:
        client.ask(name, server.url(scheme, f"{path}?{name}"), method, headers)
    results = client.results(len(wanted))
    client.end()
    log = server.seen(skipped, len(wanted))
    check(len(log) == len(wanted), f"{len(wanted)} were sent, and the server saw {len(log)}")
    connections = on_connections(log, results)
    statuses = collections.Counter()
    for name, path, method, headers in wanted:
        told = results[name]
        check(told["ok"], f"{name}: {told.get('error')}")
        ours = [tuple(field) for field in told["headers"]]
        status, fields, body = curled(server.work, server.url(scheme, f"{path}?{name}"), method, headers)
        check(told["status"] == status, f"{name}: {told['status']}, and curl got {status}")
        one, other = alike(ours, body_of(told)), alike(fields, body)
        check(one[0] == other[0], f"{name}: {one[0]}, and curl got {other[0]}")
        check(one[1] == other[1], f"{name}: another body than curl's")
        statuses[status] += 1
    the_kinds_were_there(server, results, statuses)
    ok(f"{scheme}: {len(wanted)} answers are curl's ({dict(sorted(statuses.items()))}), on {connections} connections as logged")


def the_kinds_were_there(server, results, statuses):
    """That what was to be seen was there to be seen."""
    files = [(server.site / f"{n:02}.bin").read_bytes() for n, _ in enumerate(SIZES)]
    for n, file in enumerate(files):
        check(body_of(results[f"file-{n}"]) == file, f"file {n} is another")
    coded = {name.lower(): value for name, value in results["gzip"]["headers"]}
    check(coded.get("content-encoding") == "gzip", f"no gzip: {coded}")
    check(coded.get("transfer-encoding") == "chunked", f"no chunks: {coded}")
    text = (server.site / "text.txt").read_bytes()
    check(gzip.decompress(body_of(results["gzip"])) == text, "the text is another")
    check(statuses[304] >= 2, f"no 304 among {statuses}")
    if server.has_ranges:
        check(statuses[206] >= 4 and statuses[416] == 1, f"no ranges among {statuses}")


def decoded(program, server):
    client = Program(program, server.work)
    client.ask("gzip", server.url("http", "/text.txt"), headers={"Accept-Encoding": "gzip"})
    told = client.results(1)["gzip"]
    client.end()
    check(body_of(told) == (server.site / "text.txt").read_bytes(), "gzip was not taken off well")
    ok("gzip taken off is the file")


def few_requests(program, server):
    """A connection that carries no more than FEW."""
    url = f"http://127.0.0.1:{server.few}"
    time.sleep(0.3)
    skipped = len(server.logged())
    client = Program(program, server.work)
    for n in range(MANY):
        client.ask(f"r{n}", f"{url}/02.bin?r{n}")
    results = client.results(MANY)
    client.end()
    bad = [told for told in results.values() if not told["ok"]]
    check(not bad, f"not all were answered: {bad[:1]}")
    log = server.seen(skipped, MANY)
    connections = on_connections(log, results)
    carried = collections.Counter(port for port, _, _ in log)
    check(max(carried.values()) == server.carries, f"the server's connections carried {carried}")
    ok(f"{MANY} requests at {server.carries} a connection: {connections} connections as logged")


def idle_close(program, server):
    """A connection that the server closes after a while without use."""
    url = f"http://127.0.0.1:{server.few}"
    time.sleep(0.3)
    skipped = len(server.logged())
    client = Program(program, server.work)
    results = {}
    for name in ["before", "soon", "later"]:
        time.sleep(1 if name == "later" else 0)
        client.ask(name, f"{url}/02.bin?{name}")
        results.update(client.results(1))
    client.end()
    check(all(told["ok"] for told in results.values()), f"not all were answered: {results}")
    connections = on_connections(server.seen(skipped, 3), results)
    check(connections == 2, f"{connections} connections, and the second was to be after the idle close")
    ok("a connection that was closed while idle is followed by another, as logged")


def main():
    check(len(sys.argv) == 3 and sys.argv[2] in SERVERS, __doc__)
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        # A server's workers may run as another user, who has to reach the files.
        work.chmod(0o755)
        certify(work)
        (work / "server.key").chmod(0o644)
        lay_out(work / "site")
        server = SERVERS[sys.argv[2]](work)
        try:
            server.start()
            server.await_start()
            for scheme in server.schemes:
                one_of_each(program, server, scheme)
            decoded(program, server)
            (few_requests if server.counts else idle_close)(program, server)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
