#!/usr/bin/env python3
"""Certificates with each fault, shown by openssl s_server and nginx: refused or accepted as in Chromium, and told in words.

Usage: certificates.py PATH-TO-BINARY
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from proof import Running, check, free_port, ok

DEFAULTS = {"dates": ("20200101000000Z", "21200101000000Z"), "names": "IP:127.0.0.1", "subject": "/CN=the server"}
CONFIG = """
[ca]
default_ca=c
[c]
database={folder}/index
serial={folder}/serial
new_certs_dir={folder}
policy=p
default_md=sha256
unique_subject=no
email_in_dn=no
[p]
commonName=optional
organizationName=optional
[authority]
basicConstraints=critical,CA:TRUE
"""


class Authority:
    """Signs certificates, good ones and others."""

    def __init__(self, folder, name):
        self.folder, self.name = folder, name
        folder.mkdir()
        (folder / "index").write_text("")
        (folder / "index.attr").write_text("unique_subject = no\n")
        (folder / "serial").write_text("1000\n")
        (folder / "ca.cnf").write_text(CONFIG.format(folder=folder))
        self.key(folder / "ca.key")
        self.sign("ca", f"/CN={name}", "authority", DEFAULTS["dates"], own=True)

    def openssl(self, *words):
        ran = subprocess.run(["openssl", *map(str, words)], cwd=self.folder, capture_output=True, text=True)
        check(ran.returncode == 0, f"openssl {words[0]}: {ran.stderr}")
        return ran.stdout

    def key(self, path, kind=("EC", "ec_paramgen_curve:prime256v1")):
        self.openssl("genpkey", "-algorithm", kind[0], "-pkeyopt", kind[1], "-out", path)

    def sign(self, name, subject, section, dates, digest="sha256", own=False, by=None):
        by = by or ("ca.pem", "ca.key")
        self.openssl("req", "-new", "-key", f"{name}.key", "-subj", subject, "-out", f"{name}.csr")
        who = ["-selfsign"] if own else ["-cert", by[0]]
        key = f"{name}.key" if own else by[1]
        self.openssl("ca", "-config", "ca.cnf", "-batch", "-notext", "-md", digest, *who, "-keyfile", key, "-in",
                     f"{name}.csr", "-extensions", section, "-startdate", dates[0], "-enddate", dates[1],
                     "-out", f"{name}.pem")

    def leaf(self, name, dates=DEFAULTS["dates"], names=DEFAULTS["names"], subject=DEFAULTS["subject"], digest="sha256",
             kind=None, own=False, by=None):
        """A server's certificate; the paths of its certificate and its key."""
        self.key(self.folder / f"{name}.key", *([kind] if kind else []))
        with open(self.folder / "ca.cnf", "a", encoding="utf-8") as config:
            config.write(f"[{name}]\nextendedKeyUsage=serverAuth\n")
            if names:
                config.write(f"subjectAltName={names}\n")
        self.sign(name, subject, name, dates, digest, own, by)
        return self.folder / f"{name}.pem", self.folder / f"{name}.key"

    def between(self, name):
        self.key(self.folder / f"{name}.key")
        self.sign(name, f"/CN={name}", "authority", DEFAULTS["dates"])
        return f"{name}.pem", f"{name}.key"

    def staple(self, name, is_revoked):
        """What the authority says of a certificate now."""
        if is_revoked:
            self.openssl("ca", "-config", "ca.cnf", "-revoke", f"{name}.pem", "-cert", "ca.pem", "-keyfile", "ca.key")
        self.openssl("ocsp", "-index", "index", "-CA", "ca.pem", "-rsigner", "ca.pem", "-rkey", "ca.key", "-issuer",
                     "ca.pem", "-cert", f"{name}.pem", "-respout", f"{name}.ocsp", "-ndays", "1", "-noverify")
        return self.folder / f"{name}.ocsp"


def s_server(pair, *more):
    return Running(free_port(), "openssl", "s_server", "-accept", "127.0.0.1:PORT", "-www", "-cert", pair[0], "-key", pair[1], *more)


def fetch(program, port, *more, environment=None):
    """The facts of one request, and why it failed if it did."""
    ran = subprocess.run([program, "--headless", "--format", "ndjson", *map(str, more), f"https://127.0.0.1:{port}/"],
                         capture_output=True, text=True, timeout=60, check=False, env={**os.environ, **(environment or {})})
    facts = [json.loads(line) for line in ran.stdout.splitlines()]
    check(facts, f"nothing was told: {ran.stderr}")
    ended = [fact for fact in facts if fact["fact"] == "request_ended"]
    failed = ended[0]["verdict"]["failed"]["words"] if isinstance(ended[0]["verdict"], dict) else None
    return facts, failed


def one(facts, name):
    return next(fact for fact in facts if fact["fact"] == name)


def main():
    check(len(sys.argv) == 2, __doc__)
    program = str(Path(sys.argv[1]).resolve())
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        mine, other = Authority(work / "mine", "the authority"), Authority(work / "other", "nobody")
        trust = ("--cacert", work / "mine" / "ca.pem")
        faults(program, mine, other, trust)
        versions(program, mine, trust)
        stapled(program, mine, trust)
        sessions(program, mine, trust)
        identities(program, mine, trust)
        keys(program, mine, trust, work)
        through_nginx(program, mine, trust, work)


def faults(program, mine, other, trust):
    link = mine.between("between")
    old = ("20200101000000Z", "20200301000000Z")
    new = ("20900101000000Z", "21200101000000Z")
    short = ("RSA", "rsa_keygen_bits:1024")
    low = ("-cipher", "DEFAULT@SECLEVEL=0")
    whole = link[0]
    cases = [
        ("good", mine.leaf("good"), (), None),
        ("expired", mine.leaf("expired", dates=old), (), r"expired \d+ days.* ago, on 2020-03-01"),
        ("not valid yet", mine.leaf("new", dates=new), (), r"not valid yet: .* on 2090-01-01"),
        ("wrong host", mine.leaf("wrong", names="DNS:b.test,DNS:*.c.test"), (),
         r"not for 127\.0\.0\.1, but for b\.test, \*\.c\.test"),
        ("self-signed", mine.leaf("own", own=True), (), "is self-signed"),
        ("untrusted root", other.leaf("strange"), ("-cert_chain", other.folder / "ca.pem"), "“nobody” is not trusted"),
        ("incomplete chain", mine.leaf("gap", by=link), (), "“between” is not trusted.*may be incomplete"),
        ("complete chain", mine.leaf("linked", by=link), ("-cert_chain", mine.folder / whole), None),
        ("no common name", mine.leaf("nameless", subject="/O=somebody"), (), None),
        ("a common name only", mine.leaf("common", names=None, subject="/CN=127.0.0.1"), (), "does not count"),
        ("weak key", mine.leaf("weak", kind=short), low, "weak key: RSA of 1024 bits"),
        ("SHA-1", mine.leaf("sha1", digest="sha1"), low, "ECDSA with SHA-1, which can be forged"),
    ]
    for name, pair, more, words in cases:
        with s_server(pair, *more) as server:
            facts, failed = fetch(program, server.port, *trust)
            check((failed is None) == (words is None), f"{name}: {failed}")
            check(words is None or re.search(words, failed), f"{name}: {failed}")
            ok(f"{name}: {failed or 'accepted'}")
            if words and name != "weak key":
                facts, failed = fetch(program, server.port, *trust, "-k")
                check(failed is None, f"{name} with -k: {failed}")
                said = one(facts, "remarked")["words"]
                check(re.search(words, said) and said.endswith("(-k)"), f"{name} with -k: {said}")
    ok("-k goes on with each, and says why it is marked")


def versions(program, mine, trust):
    pair = mine.leaf("versions")
    for version in ["-tls1", "-tls1_1"]:
        with s_server(pair, version, "-cipher", "DEFAULT@SECLEVEL=0") as server:
            _, failed = fetch(program, server.port, *trust)
            check(failed and "version" in failed, f"{version}: {failed}")
            ok(f"{version}: {failed}")
    for version, told in [("-tls1_2", "TLS 1.2"), ("-tls1_3", "TLS 1.3")]:
        with s_server(pair, version) as server:
            facts, failed = fetch(program, server.port, *trust)
            check(failed is None, f"{version}: {failed}")
            security = one(facts, "connection_secured")["security"]
            check(security["version"] == told and security["verified"], f"{version}: {security}")
            ok(f"{version}: {security['cipher']}, {security['group']}")
    with s_server(pair) as server:
        facts, _ = fetch(program, server.port, *trust, "--tls-max", "1.2")
        check(one(facts, "connection_secured")["security"]["version"] == "TLS 1.2", "--tls-max")
        ok("--tls-max 1.2 is kept")


def stapled(program, mine, trust):
    for name, is_revoked in [("standing", False), ("revoked", True)]:
        pair = mine.leaf(name)
        status = mine.staple(name, is_revoked)
        with s_server(pair, "-status_file", status) as server:
            facts, failed = fetch(program, server.port, *trust)
            staple = one(facts, "handshake_ended")["staple"]
            check("doubt" not in staple, f"{name}: {staple}")
            check(bool(failed and "revoked on" in failed) == is_revoked, f"{name}: {failed}")
            ok(f"stapled, {name}: {failed or staple['standing']}")


def sessions(program, mine, trust):
    pair = mine.leaf("sessions")
    for version in ["-tls1_2", "-tls1_3"]:
        with s_server(pair, version) as server:
            url = f"https://127.0.0.1:{server.port}/?again"
            for more, expected in [((), [False, True]), (("--no-resume",), [False, False])]:
                facts, _ = fetch(program, server.port, *trust, "--per-host", "1", *more, url)
                secured = [fact["security"]["resumed"] for fact in facts if fact["fact"] == "connection_secured"]
                check(secured == expected, f"{version} {more}: {secured}")
    ok("sessions are taken up again, and not with --no-resume")


def identities(program, mine, trust):
    pair, own = mine.leaf("asking"), mine.leaf("somebody", subject="/CN=somebody")
    with s_server(pair, "-Verify", "2", "-verify_return_error", "-CAfile", mine.folder / "ca.pem") as server:
        facts, failed = fetch(program, server.port, *trust)
        check(failed is not None, "nobody was let in")
        check(one(facts, "handshake_ended")["identity"] == "nobody", "who asked is not told")
        ok(f"without --cert: {failed}")
    with s_server(pair, "-Verify", "2", "-CAfile", mine.folder / "ca.pem") as server:
        facts, failed = fetch(program, server.port, *trust, "--cert", own[0], "--key", own[1])
        check(failed is None, f"--cert: {failed}")
        check(one(facts, "handshake_ended")["identity"] == {"shown": "somebody"}, "who was shown is not told")
        ok("with --cert and --key: accepted")


def keys(program, mine, trust, work):
    path = work / "keys"
    with s_server(mine.leaf("logged"), "-tls1_3") as server:
        fetch(program, server.port, *trust, environment={"SSLKEYLOGFILE": str(path)})
    labels = {line.split()[0] for line in path.read_text().splitlines()}
    check({"CLIENT_HANDSHAKE_TRAFFIC_SECRET", "SERVER_TRAFFIC_SECRET_0"} <= labels, f"keys: {labels}")
    check(path.stat().st_mode & 0o077 == 0, "others can read the keys")
    ok("SSLKEYLOGFILE has the keys, for its owner alone")


NGINX = """
daemon off;
pid {work}/nginx.pid;
error_log {work}/error.log warn;
{user}
events {{ worker_connections 64; }}
http {{
    access_log off;
    client_body_temp_path {work}/t1; proxy_temp_path {work}/t2; fastcgi_temp_path {work}/t3;
    uwsgi_temp_path {work}/t4; scgi_temp_path {work}/t5;
    server {{
        listen 127.0.0.1:{port} ssl;
        ssl_certificate {chain};
        ssl_certificate_key {key};
        ssl_stapling on;
        ssl_stapling_file {staple};
        location / {{ return 200 "hello"; }}
    }}
}}
"""


def through_nginx(program, mine, trust, work):
    nginx = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin:/sbin")
    user = "user root;" if os.geteuid() == 0 else ""
    old = ("20200101000000Z", "20200301000000Z")
    for name, dates, is_revoked, words in [
        ("nginx", DEFAULTS["dates"], False, None),
        ("nginx-expired", old, False, "expired"),
        ("nginx-revoked", DEFAULTS["dates"], True, "revoked on"),
    ]:
        pair = mine.leaf(name, dates=dates)
        staple = mine.staple(name, is_revoked)
        server = Running(free_port(), nginx, "-c", work / "nginx.conf")
        (work / "nginx.conf").write_text(NGINX.format(work=work, user=user, port=server.port, chain=pair[0], key=pair[1],
                                                      staple=staple))
        with server:
            facts, failed = fetch(program, server.port, *trust)
        check((failed is None) == (words is None), f"{name}: {failed}")
        check(words is None or words in failed, f"{name}: {failed}")
        shown = one(facts, "handshake_ended")
        check(shown["chain"][0]["subject"] == "the server" and shown["staple"]["standing"], f"{name}: {shown}")
        ok(f"{name}: {failed or 'accepted'}")


if __name__ == "__main__":
    main()
